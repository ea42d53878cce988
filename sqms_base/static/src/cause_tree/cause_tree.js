import { Component, markup, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { makeContext } from "@web/core/context";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useOpenX2ManyRecord, useX2ManyCrud } from "@web/views/fields/relational_utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { branchOf, causeColumns, causeNodes, neighbour } from "./cause_nodes";

const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];

/** One why with everything below it. */
class CauseNode extends Component {
    static template = "sqms_base.CauseNode";
    static props = { node: Object, tree: Object, aside: { type: Boolean, optional: true } };

    get look() {
        return {
            root: "border-primary border-2 bg-primary-subtle",
            ruled_out: "o_sqms_dashed bg-body-tertiary text-muted",
        }[this.props.node.verdict];
    }

    get isActive() {
        return this.props.tree.state.active === this.props.node.key;
    }
}
CauseNode.components = { CauseNode };

/** The fishbone of the causes as they stand on the screen, drawn by the server as it draws the printed one. */
class CauseFishbone extends Component {
    static template = "sqms_base.CauseFishbone";
    static props = { nodes: Array, problem: String };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ drawing: "" });
        onWillStart(() => this.draw(this.props));
        onWillUpdateProps((next) => this.draw(next));
    }

    async draw({ nodes, problem }) {
        const plain = nodes.map(({ name, category, verdict }) => ({ name, category, verdict }));
        const asked = JSON.stringify([plain, problem]);
        if (asked === this.asked) {
            return;
        }
        this.asked = asked;
        const svg = await this.keepLast.add(this.orm.call("sqms.cause", "draw_fishbone", [plain, problem]));
        // The server escapes every word; nothing of it is put together here.
        this.state.drawing = markup(svg);
    }
}

/**
 * Why did it happen? The causes of a record as a 5-why tree, as a fishbone, or as a list.
 *
 * 1. Works in a form that is not saved yet: whys that are new know each other by keys.
 * 2. By keyboard: arrows move, Enter opens, Insert asks “Why is that?”, Delete removes a branch after a question.
 * 3. Where the record is locked it is a drawing, and Enter shows what is known of a why.
 */
export class CauseTree extends Component {
    static template = "sqms_base.CauseTree";
    static components = { CauseFishbone, CauseNode };
    static props = {
        ...standardFieldProps,
        context: { type: Object, optional: true },
        problemField: { type: String, optional: true },
        relatedFields: { type: Object, optional: true },
        string: { type: String, optional: true },
        viewMode: { type: String, optional: true },
        views: { type: Object, optional: true },
    };

    setup() {
        this.dialog = useService("dialog");
        this.root = useRef("root");
        // `active` shows its buttons, `at` is where Tab comes back to; the problem has the key "problem".
        this.state = useState({ view: "tree", active: null, at: "problem" });
        const { saveRecord, updateRecord } = useX2ManyCrud(() => this.list, false);
        this.openRecord = useOpenX2ManyRecord({
            resModel: this.list.resModel,
            activeField: {
                fields: this.props.relatedFields,
                views: this.props.views,
                viewMode: this.props.viewMode,
                string: _t("Why"),
            },
            activeActions: { type: "one2many", create: true, write: true, delete: true },
            getList: () => this.list,
            saveRecord: (record) => this.saved(record, saveRecord),
            updateRecord,
        });
        this.tree = {
            state: this.state,
            readonly: () => this.props.readonly,
            bone: (node) => this.bone(node),
            label: (node) => this.label(node),
            onFocus: (ev, key) => this.onFocus(ev, key),
            onKeydown: (ev, node) => this.onKeydown(ev, node),
            add: (node) => this.add(node),
            edit: (node) => this.edit(node),
            remove: (node) => this.remove(node),
        };
        useEffect(
            (wanted) => {
                if (wanted) {
                    this.wanted = null;
                    this.root.el?.querySelector(`[data-why="${wanted}"]`)?.focus();
                }
            },
            () => [this.wanted, this.list.records.length],
        );
    }

    // -- what stands there -----------------------------------------------------

    get list() {
        return this.props.record.data[this.props.name];
    }

    get found() {
        return causeNodes(this.list.records);
    }

    get columns() {
        return causeColumns(this.found.heads);
    }

    get problem() {
        const { data } = this.props.record;
        return String(data[this.props.problemField] || data.name || data.display_name || "");
    }

    get views() {
        return [
            { key: "tree", label: _t("Tree"), icon: "fa-sitemap" },
            { key: "fishbone", label: _t("Fishbone"), icon: "fa-code-fork" },
            { key: "list", label: _t("List"), icon: "fa-align-justify" },
        ];
    }

    get summary() {
        const { nodes } = this.found;
        const roots = nodes.filter((node) => node.verdict === "root").length;
        const whys = nodes.length === 1 ? _t("1 why") : _t("%s whys", nodes.length);
        const found = roots === 1 ? _t("1 root cause") : _t("%s root causes", roots);
        return `${whys} · ${found}`;
    }

    bone(node) {
        const options = this.list.fields.category?.selection || [];
        return options.find(([key]) => key === node.category)?.[1] || "";
    }

    label(node) {
        return (
            {
                root: _t("Root cause · why %s", node.level),
                ruled_out: _t("Ruled out"),
            }[node.verdict] || _t("Why %s", node.level)
        );
    }

    kind(node) {
        return node.record.data.type_id?.display_name || "";
    }

    proof(node) {
        const { evidence, ruled_out_reason: reason } = node.record.data;
        return (node.verdict === "ruled_out" ? reason : evidence) || "";
    }

    // -- what people do ----------------------------------------------------------

    onFocus(ev, key) {
        ev.stopPropagation();
        this.state.active = key;
        this.state.at = key;
    }

    onFocusout(ev) {
        if (!this.root.el?.contains(ev.relatedTarget)) {
            this.state.active = null;
        }
    }

    onKeydown(ev, node) {
        if (ev.target !== ev.currentTarget) {
            return;
        }
        const reaction = this.reactionTo(ev.key, node);
        if (reaction) {
            ev.preventDefault();
            ev.stopPropagation();
            reaction();
        }
    }

    reactionTo(key, node) {
        if (ARROWS.includes(key)) {
            return () => this.move(key, node);
        }
        const moving = {
            Home: () => this.focus("problem"),
            End: () => this.focus(this.found.nodes.at(-1)?.key),
        };
        const changing = this.props.readonly
            ? {}
            : { Enter: () => this.add(null), Insert: () => this.add(node), Delete: node && (() => this.remove(node)) };
        const opening = node ? { Enter: () => this.edit(node) } : {};
        return { ...moving, ...changing, ...opening }[key];
    }

    move(key, node) {
        // Drawn anew, the tree is made of new objects: the key leads from one to the other.
        const { heads, nodes } = this.found;
        const here = node && nodes.find((one) => one.key === node.key);
        const next = neighbour(here, key, causeColumns(heads));
        this.focus(next ? next.key : key === "ArrowUp" ? "problem" : null);
    }

    focus(key) {
        if (key) {
            this.root.el.querySelector(`[data-why="${key}"]`)?.focus();
        }
    }

    add(node) {
        const above = node ? { default_parent_id: node.record.resId || false } : {};
        if (node) {
            above.default_parent_key = node.record.data.node_key || false;
            above.default_category = node.category;
        }
        const last = Math.max(0, ...this.list.records.map((record) => record.data.sequence || 0));
        this.asked = node;
        return this.openRecord({
            context: makeContext([this.props.context, { ...above, default_sequence: last + 10 }]),
            title: node ? _t("Why is that? %s", node.name) : _t("Why did it happen?"),
            onClose: () => this.focus(this.state.at),
        });
    }

    /** A why below a root cause asks further: it is then no longer the last one. */
    async saved(record, save) {
        const above = this.asked;
        const result = await save(record);
        if (above?.verdict === "root" && record.data.verdict !== "ruled_out") {
            await above.record.update({ verdict: "open" });
        }
        this.wanted = record.id;
        return result;
    }

    edit(node) {
        return this.openRecord({
            record: node.record,
            readonly: this.props.readonly,
            context: this.props.context,
            title: this.label(node),
            onClose: () => this.focus(node.key),
        });
    }

    remove(node) {
        const branch = branchOf(node);
        this.dialog.add(ConfirmationDialog, {
            title: _t("Delete this why?"),
            body:
                branch.length > 1
                    ? _t("“%(why)s” and the %(count)s below it are deleted.", {
                          why: node.name,
                          count: branch.length - 1,
                      })
                    : _t("“%s” is deleted. To keep it in the story, rule it out instead.", node.name),
            confirmLabel: _t("Delete"),
            confirmClass: "btn-danger",
            confirm: async () => {
                for (const one of branch) {
                    await this.list.delete(one.record);
                }
                this.focus(node.parent ? node.parent.key : "problem");
            },
            cancel: () => this.focus(node.key),
        });
    }
}

export const causeTree = {
    component: CauseTree,
    displayName: _t("5-Why Tree"),
    supportedTypes: ["one2many"],
    supportedOptions: [{ label: _t("Problem"), name: "problem_field", type: "field", availableTypes: ["char"] }],
    useSubView: true,
    isEmpty: () => false,
    fieldDependencies: ({ options }) => (options?.problem_field ? [{ name: options.problem_field, type: "char" }] : []),
    extractProps: ({ options, relatedFields, viewMode, views, string }, dynamicInfo) => ({
        context: dynamicInfo.context,
        problemField: options.problem_field,
        relatedFields,
        string,
        viewMode,
        views,
    }),
};

registry.category("fields").add("sqms_cause_tree", causeTree);
