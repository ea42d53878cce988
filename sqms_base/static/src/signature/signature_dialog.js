import { Component, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/**
 * The dialog of a step that is signed: what, with which meaning, by whom. Password and code live in the two
 * inputs and in the one call that they are sent with, nowhere else.
 */
export class SignatureDialog extends Component {
    static template = "sqms_base.SignatureDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        model: String,
        ids: { type: Array, element: Number },
        step: String,
        sheet: Object,
        onSigned: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.password = useAutofocus({ refName: "password", mobile: true });
        this.code = useRef("code");
        this.state = useState({ isSigning: false, isSent: false, place: "", error: "" });
    }

    get sheet() {
        return this.props.sheet;
    }

    get labels() {
        return { copy: _t("Copy the digest"), code: _t("Second factor"), password: _t("Password") };
    }

    address(record) {
        return `/odoo/${this.props.model}/${record.id}`;
    }

    async copy(record) {
        try {
            await browser.navigator.clipboard.writeText(record.digest);
            this.notification.add(_t("Digest copied"), { type: "success" });
        } catch {
            // Browsers give the clipboard to secure pages only.
            this.notification.add(record.digest, { title: _t("Content digest"), sticky: true });
        }
    }

    forgetError(place) {
        if (this.state.place === place) {
            this.state.place = this.state.error = "";
        }
    }

    async sendCode() {
        this.state.place = this.state.error = "";
        try {
            await this.orm.call("sqms.signature", "send_code", []);
            this.state.isSent = true;
            this.code.el.focus();
        } catch (error) {
            this.show(error, "code");
        }
    }

    async sign() {
        if (this.state.isSigning) {
            return;
        }
        this.state.place = this.state.error = "";
        this.state.isSigning = true;
        const seen = Object.fromEntries(this.sheet.records.map((record) => [record.id, record.digest]));
        try {
            const next = await this.orm.call(this.props.model, "action_sign_step", [
                this.props.ids,
                this.props.step,
                this.password.el.value,
                this.code.el?.value || false,
                seen,
            ]);
            this.props.close();
            await this.props.onSigned(next);
        } catch (error) {
            this.show(error, "");
        } finally {
            this.state.isSigning = false;
        }
    }

    /** What the server refuses stands at its field; nothing that was typed is lost. */
    show(error, place) {
        // An expired session and a broken server are told as everywhere in Odoo.
        if (!(error instanceof RPCError) || !error.data?.name?.startsWith("odoo.exceptions.")) {
            throw error;
        }
        this.state.place = error.data.context?.place || place;
        this.state.error = error.data.message;
        const input = { password: this.password.el, code: this.code.el }[this.state.place];
        input?.focus();
        input?.select();
    }
}

/** Answer of the server to a step that wants to be signed. */
async function openSignatureDialog(env, action, options = {}) {
    const { model, ids, step } = action.params;
    const { orm, dialog, action: actionService } = env.services;
    const sheet = await orm.call(model, "signature_sheet", [ids, step]);
    dialog.add(SignatureDialog, {
        model,
        ids,
        step,
        sheet,
        onSigned: (next) => (next?.type ? actionService.doAction(next, options) : options.onClose?.()),
    });
}

registry.category("actions").add("sqms_sign", openSignatureDialog);
