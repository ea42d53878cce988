import { Component, markup, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const SHADES = {
    new: "bg-success-subtle text-success-emphasis",
    changed: "bg-warning-subtle text-warning-emphasis",
    removed: "bg-danger-subtle text-danger-emphasis",
    moved: "bg-info-subtle text-info-emphasis",
    renumbered: "text-bg-light",
};
const BORDERS = {
    new: "border-success",
    changed: "border-warning",
    removed: "border-danger",
    moved: "border-info",
    renumbered: "border-secondary",
};

/** What an edition changes, beside the edition it replaces or any other of the document that the reader may read. */
export class Comparison extends Component {
    static template = "sqms_base.Comparison";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ result: null, isFull: false });
        onWillStart(() => this.load(this.props.record, false));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.props.record.resId || next.record !== this.props.record) {
                return this.load(next.record, false);
            }
        });
    }

    async load(record, withId) {
        // The text that is compared is the one that was saved.
        this.state.result = record.resId
            ? await this.orm.call(record.resModel, "compare", [[record.resId], withId], { context: record.context })
            : null;
    }

    get sections() {
        return this.state.result.sections.map((section) => ({
            ...section,
            // Sanitised by the server.
            html: markup(section.html),
            word: this.words[section.kind],
            shade: SHADES[section.kind],
            border: BORDERS[section.kind],
        }));
    }

    get files() {
        return this.state.result.files.map((file) => ({
            ...file,
            word: this.words[file.kind],
            shade: SHADES[file.kind],
        }));
    }

    get words() {
        return {
            new: _t("new"),
            changed: _t("changed"),
            removed: _t("removed"),
            moved: _t("moved"),
            renumbered: _t("renumbered"),
        };
    }

    get full() {
        return markup(this.state.result.full);
    }

    get total() {
        const { count, files } = this.state.result;
        const changes = count + files.length;
        if (!changes) {
            return _t("No change");
        }
        return changes === 1 ? _t("1 change") : _t("%(changes)s changes", { changes });
    }

    nameOf(row) {
        return row.edition < this.state.result.own
            ? _t("since edition %(edition)s", row)
            : _t("up to edition %(edition)s", row);
    }

    choose(ev) {
        return this.load(this.props.record, parseInt(ev.target.value, 10));
    }
}

registry.category("view_widgets").add("sqms_comparison", { component: Comparison });
