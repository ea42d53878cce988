import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const LOOKS = {
    ready: { tone: "success", icon: "fa-check" },
    nearly: { tone: "warning", icon: "fa-clock-o" },
    far: { tone: "secondary", icon: "fa-minus" },
};

/** Who could take which post: all that it requires against what people hold, whatever their job is. */
export class Succession extends Component {
    static template = "sqms_training.Succession";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Succession");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.display = { controlPanel: {} };
        this.state = useState({ found: null, error: "" });
        this.job = this.props.state?.job || this.props.action.params?.job || false;
        useSetupAction({ getLocalState: () => ({ job: this.job }) });
        onWillStart(() => this.load());
    }

    async load() {
        try {
            const call = this.orm.silent.call("sqms.competence", "get_succession", [this.job]);
            Object.assign(this.state, { found: await this.keepLast.add(call), error: "" });
            this.job = this.state.found.job;
        } catch (error) {
            this.state.error = error.data?.message || _t("The server cannot be reached.");
        }
    }

    get chosen() {
        return this.state.found.posts.find((post) => post.id === this.state.found.job);
    }

    get risks() {
        return this.state.found.posts.filter((post) => post.is_risk);
    }

    get riskLabel() {
        const names = this.risks.map((post) => post.name).join(_t(", "));
        return _t("Fewer than %(needed)s people could take these key posts today: %(names)s", {
            needed: this.state.found.needed,
            names,
        });
    }

    numbers(post) {
        return _t("%(ready)s ready, %(nearly)s nearly", post);
    }

    percent(person) {
        return Math.round((100 * person.met) / person.required);
    }

    look(person) {
        const label = { ready: _t("Ready"), nearly: _t("Nearly"), far: _t("Far") }[person.readiness];
        if (person.is_holder) {
            return { tone: "primary", icon: "fa-user", label: _t("Holds the post") };
        }
        return { ...LOOKS[person.readiness], label };
    }

    shareLabel(person) {
        return _t("%(met)s of %(required)s", person);
    }

    choose(post) {
        this.job = post.id;
        return this.load();
    }

    openJob() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "hr.job",
            res_id: this.state.found.job,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("sqms_succession", Succession);
