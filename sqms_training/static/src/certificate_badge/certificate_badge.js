import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const SIGNS = {
    valid: ["bg-success-subtle text-success-emphasis", "fa-check"],
    expiring: ["bg-200 text-800", "fa-clock-o"],
    upcoming: ["bg-info-subtle text-info-emphasis", "fa-hourglass-start"],
    expired: ["bg-danger-subtle text-danger-emphasis", "fa-times"],
    revoked: ["bg-danger-subtle text-danger-emphasis", "fa-ban"],
};
const URGENT = "bg-warning-subtle text-warning-emphasis";
const SOON = 30;

/** How long a certificate is good, in words, with a sign and a tint. The words come from the server. */
export class CertificateBadge extends Component {
    static template = "sqms_training.CertificateBadge";
    static props = { ...standardFieldProps };

    get state() {
        return this.props.record.data[this.props.name];
    }
    get tint() {
        const urgent = this.state === "expiring" && this.props.record.data.certificate_days <= SOON;
        return urgent ? URGENT : SIGNS[this.state][0];
    }
    get sign() {
        return SIGNS[this.state][1];
    }
    get label() {
        return this.props.record.data.certificate_label;
    }
}

registry.category("fields").add("certificate_badge", {
    component: CertificateBadge,
    displayName: _t("Validity of a certificate"),
    supportedTypes: ["selection"],
    fieldDependencies: [
        { name: "certificate_days", type: "integer" },
        { name: "certificate_label", type: "char" },
    ],
});

/** Whether a proof is kept; a missing one is a warning, not a blank. */
export class CertificateProof extends Component {
    static template = "sqms_training.CertificateProof";
    static props = { ...standardFieldProps };

    get kept() {
        return this.props.record.data[this.props.name];
    }
    get title() {
        return this.kept ? _t("Proof kept") : _t("No proof yet");
    }
}

registry.category("fields").add("certificate_proof", {
    component: CertificateProof,
    displayName: _t("Proof of a certificate"),
    supportedTypes: ["boolean"],
});
