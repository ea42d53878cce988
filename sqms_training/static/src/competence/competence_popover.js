import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** What stands behind a cell: what is asked, what is there, and the next step. */
export class CompetencePopover extends Component {
    static template = "sqms_training.CompetencePopover";
    static props = {
        employee: Number,
        skill: Number,
        on: [String, Boolean],
        look: Object,
        run: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ cell: null, error: "" });
        onWillStart(async () => {
            const { employee, skill, on } = this.props;
            try {
                this.state.cell = await this.orm.silent.call("sqms.competence", "get_cell", [employee, skill, on]);
            } catch (error) {
                this.state.error = error.data?.message || _t("The server cannot be reached.");
            }
        });
    }

    get validity() {
        const { valid_from: from, valid_to: to } = this.state.cell;
        if (!from && !to) {
            return "";
        }
        return to ? _t("%(from)s to %(to)s", { from: from || "…", to }) : _t("since %s", from);
    }

    run(method) {
        this.props.close();
        return this.props.run(method, this.state.cell);
    }
}
