import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { humanSize } from "@web/core/utils/binary";

/**
 * What makes the public forms nicer where scripts run. Everything also works without:
 * the file list with its "remove", no second click on "send", hints for phone keyboards.
 */
export class PublicForm extends Interaction {
    static selector = ".o_sqms_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        ".o_sqms_files > .o_sqms_drop > input[type=file]": {
            "t-on-change": this.onFilesChosen,
            "t-att-class": () => ({ o_sqms_native: true }),
        },
        ".o_sqms_add": { "t-att-class": () => ({ "d-none": false }) },
        ".o_sqms_file_list": { "t-on-click": this.onRemove },
        ".o_sqms_contact": { "t-on-change": this.adaptReach },
        "#anonymous": { "t-on-change": this.adaptIdentity },
    };

    setup() {
        this.files = [];
        this.input = this.el.querySelector("input[type=file]");
        this.list = this.el.querySelector(".o_sqms_file_list");
    }

    start() {
        this.adaptReach();
        this.adaptIdentity();
        document.querySelector("#errors")?.focus();
        // Coming back with the browser's "back" finds the button as the last visit left it.
        this.addListener(window, "pageshow", () => this.setSending(false));
    }

    // -- sending -----------------------------------------------------------

    onSubmit() {
        this.setSending(true);
    }

    setSending(sending) {
        for (const button of this.el.querySelectorAll("button[type=submit]")) {
            button.disabled = sending;
        }
    }

    // -- who ---------------------------------------------------------------

    adaptReach() {
        const contact = this.el.querySelector(".o_sqms_contact");
        const reach = this.el.querySelector(".o_sqms_reach");
        if (!contact || !reach) {
            return;
        }
        reach.classList.toggle("d-none", contact.value === "none");
        reach.inputMode = contact.value === "phone" ? "tel" : "email";
        reach.autocomplete = contact.value === "phone" ? "tel" : "email";
    }

    adaptIdentity() {
        const anonymous = this.el.querySelector("input#anonymous");
        this.el.querySelector(".o_sqms_identity")?.classList.toggle("d-none", Boolean(anonymous?.checked));
    }

    // -- files -------------------------------------------------------------

    onFilesChosen() {
        const known = new Set(this.files.map((file) => `${file.name}/${file.size}`));
        const chosen = [...this.input.files].filter((file) => !known.has(`${file.name}/${file.size}`));
        this.setFiles([...this.files, ...chosen]);
    }

    onRemove(ev) {
        const button = ev.target.closest(".o_sqms_remove");
        if (!button) {
            return;
        }
        const index = Number(button.dataset.index);
        this.setFiles(this.files.filter((_file, position) => position !== index));
        this.input.focus();
    }

    setFiles(files) {
        const maxFiles = Number(this.el.dataset.maxFiles);
        const maxBytes = Number(this.el.dataset.maxBytes);
        const tooLarge = files.filter((file) => file.size > maxBytes);
        const fitting = files.filter((file) => file.size <= maxBytes);
        this.files = fitting.slice(0, maxFiles);
        const transfer = new DataTransfer();
        this.files.forEach((file) => transfer.items.add(file));
        this.input.files = transfer.files;
        const notes = tooLarge.map((file) => _t("%s is larger than 10 MB.", file.name));
        if (fitting.length > maxFiles) {
            notes.push(_t("You can add up to %s files.", maxFiles));
        }
        this.drawFiles(notes);
    }

    drawFiles(notes) {
        const rows = this.files.map((file, index) => this.drawFile(file, index));
        for (const text of notes) {
            const note = document.createElement("li");
            note.className = "text-danger small";
            note.textContent = text;
            rows.push(note);
        }
        this.list.replaceChildren(...rows);
    }

    drawFile(file, index) {
        const row = document.createElement("li");
        row.className = "d-flex align-items-center gap-2 o_sqms_touch";
        const icon = document.createElement("i");
        icon.className = file.type.startsWith("image/") ? "fa fa-file-image-o" : "fa fa-file-text-o";
        const name = document.createElement("span");
        name.className = "text-truncate";
        name.textContent = file.name;
        const size = document.createElement("span");
        size.className = "text-muted small text-nowrap";
        size.textContent = humanSize(file.size);
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "btn btn-link btn-sm ms-auto text-nowrap o_sqms_remove";
        remove.dataset.index = index;
        remove.textContent = _t("Remove");
        remove.setAttribute("aria-label", _t("Remove %s", file.name));
        row.append(icon, name, size, remove);
        return row;
    }
}

/** Keeping number and code: copy and print are offered only where they work. */
export class PublicSent extends Interaction {
    static selector = ".o_sqms_sent";
    dynamicContent = {
        ".o_sqms_keep": { "t-att-class": () => ({ "d-none": false, "d-flex": true }) },
        ".o_sqms_copy": { "t-on-click": this.onCopy },
        ".o_sqms_print": { "t-on-click": () => window.print() },
    };

    async onCopy(ev) {
        const button = ev.currentTarget;
        const label = button.querySelector("span");
        try {
            await navigator.clipboard.writeText(button.dataset.text);
            label.textContent = _t("Copied");
        } catch {
            // Not allowed here (no https): select the code, so that one key copies it.
            window.getSelection().selectAllChildren(this.el.querySelector(".o_sqms_code"));
        }
    }
}

registry.category("public.interactions").add("sqms_base.public_form", PublicForm);
registry.category("public.interactions").add("sqms_base.public_sent", PublicSent);
