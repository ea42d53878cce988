import { statusBarDurationField } from "@mail/views/fields/statusbar_duration/statusbar_duration_field";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** The status bar of a workflow with the time spent in the present state: `duration_tracking` of the record. */
registry.category("fields").add("sqms_statusbar_time", {
    ...statusBarDurationField,
    displayName: _t("State with time"),
    supportedTypes: ["selection"],
});
