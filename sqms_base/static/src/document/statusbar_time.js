import {
    StatusBarDurationField,
    statusBarDurationField,
} from "@mail/views/fields/statusbar_duration/statusbar_duration_field";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * The status bar of a workflow with the time spent in the present state: `duration_tracking` of the record.
 * Option `fold_last`: the last state stands behind the dots until it is reached, so that the first ones have room.
 */
export class StatusBarTime extends StatusBarDurationField {
    static props = { ...StatusBarDurationField.props, foldLast: { type: Boolean, optional: true } };

    getAllItems() {
        const items = super.getAllItems();
        if (this.props.foldLast && items.length && !items.at(-1).isSelected) {
            items.at(-1).isFolded = true;
        }
        return items;
    }
}

registry.category("fields").add("sqms_statusbar_time", {
    ...statusBarDurationField,
    component: StatusBarTime,
    displayName: _t("State with time"),
    supportedTypes: ["selection"],
    extractProps: (field, dynamicInfo) => ({
        ...statusBarDurationField.extractProps(field, dynamicInfo),
        foldLast: Boolean(field.options.fold_last),
    }),
});
