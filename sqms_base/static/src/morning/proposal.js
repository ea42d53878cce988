import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** One line to propose something better: what is typed stays until the server has it. */
export class MorningProposal extends Component {
    static template = "sqms_base.MorningProposal";
    static props = {
        proposal: Object,
        now: Object,
        item: Function, // the component that draws a row
        open: Function,
        openAll: Function,
        onProposed: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.state = useState({ text: "", busy: false, error: "", done: null });
    }

    get isEmpty() {
        return !this.state.text.trim();
    }

    get words() {
        return _t("My proposals (%s)", this.props.proposal.count);
    }

    get points() {
        return _t("%s points", this.props.proposal.points);
    }

    async propose() {
        if (this.state.busy || this.isEmpty) {
            this.input.el.focus();
            return;
        }
        Object.assign(this.state, { busy: true, error: "", done: null });
        try {
            const done = await this.orm.silent.call("sqms.improvement", "propose", [this.state.text]);
            Object.assign(this.state, { text: "", done });
        } catch (error) {
            this.state.error = error.data?.message || _t("The server cannot be reached.");
        }
        this.state.busy = false;
        this.input.el?.focus();
        if (this.state.done) {
            await this.props.onProposed();
        }
    }

    openDone() {
        return this.props.open({
            action: {
                xmlid: "sqms_base.sqms_improvement_action_mine",
                res_model: "sqms.improvement",
                res_id: this.state.done.id,
            },
        });
    }
}
