import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** What belongs to nobody or to nothing, as lists to work through. */
export class OrphansDialog extends Component {
    static template = "sqms_base.OrphansDialog";
    static components = { Dialog };
    static props = { close: Function, onOpen: Function };

    setup() {
        this.orm = useService("orm");
        this.title = _t("Orphans");
        this.state = useState({ lists: [] });
        onWillStart(async () => {
            this.state.lists = await this.orm.call("sqms.clause.map", "get_orphans", []);
        });
    }

    open(list) {
        this.props.close();
        this.props.onOpen(list.action);
    }
}
