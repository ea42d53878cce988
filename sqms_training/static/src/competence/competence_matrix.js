import { Component, onMounted, onPatched, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { url } from "@web/core/utils/urls";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { PIECE, ROW, cellLook, drawnRows, nextCell, piecesOf } from "./competence_cells";
import { CompetencePopover } from "./competence_popover";

const NO_FILTER = { department: false, job: false, types: [], show: [], search: "", on: false };

/** People in rows, requirements in columns; what each may do today, and what is missing. */
export class CompetenceMatrix extends Component {
    static template = "sqms_training.CompetenceMatrix";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Competence Matrix");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.scroller = useRef("scroller");
        this.popover = usePopover(CompetencePopover, { position: "bottom-start", arrow: true });
        this.display = { controlPanel: { layoutActions: true } };
        const chosen = { ...NO_FILTER, ...this.props.action.params?.filters, ...this.props.state?.filters };
        this.state = useState({
            filters: chosen,
            matrix: null,
            rows: {},
            drawn: { first: 0, last: 0 },
            active: { row: 0, col: 0 },
            isFoldedOut: false,
            error: "",
        });
        this.asked = new Set();
        this.searchSoon = useDebounced((value) => this.choose({ search: value }), 250);
        useSetupAction({ getLocalState: () => ({ filters: { ...this.state.filters } }) });
        onWillStart(() => this.load());
        onMounted(() => this.draw());
        onPatched(() => this.focusActive());
    }

    // -- reading -----------------------------------------------------------------

    async load() {
        try {
            const call = this.orm.silent.call("sqms.competence", "get_matrix", [{ ...this.state.filters }]);
            const matrix = await this.keepLast.add(call);
            this.asked = new Set();
            Object.assign(this.state, { matrix, rows: {}, error: "", active: { row: 0, col: 0 } });
            this.skills = matrix.columns.map((column) => column.id);
            this.draw();
        } catch (error) {
            // What was there stays; a page that shows nothing says why.
            this.state.error = error.data?.message || _t("The server cannot be reached.");
        }
    }

    /** Draw what is in sight; ask for what is not there yet, each piece once. */
    draw() {
        if (!this.state.matrix) {
            return;
        }
        const { scrollTop = 0, clientHeight = 0 } = this.scroller.el || {};
        const drawn = drawnRows(scrollTop, clientHeight || 12 * ROW, this.state.matrix.people.length);
        if (drawn.first !== this.state.drawn.first || drawn.last !== this.state.drawn.last) {
            this.state.drawn = drawn;
        }
        for (const piece of piecesOf(drawn)) {
            if (!this.asked.has(piece)) {
                this.asked.add(piece);
                this.loadPiece(piece);
            }
        }
    }

    async loadPiece(piece) {
        const { matrix, filters } = this.state;
        const asked = this.asked;
        const people = matrix.people.slice(piece * PIECE, (piece + 1) * PIECE);
        try {
            const rows = await this.orm.silent.call("sqms.competence", "get_rows", [people, this.skills, filters.on]);
            if (asked === this.asked) {
                Object.assign(this.state.rows, Object.fromEntries(rows.map((row) => [row.id, row])));
            }
        } catch (error) {
            asked.delete(piece);
            this.state.error = error.data?.message || _t("The server cannot be reached.");
        }
    }

    // -- what stands there -----------------------------------------------------

    get lines() {
        const { matrix, rows, drawn } = this.state;
        return matrix.people.slice(drawn.first, drawn.last).map((id, place) => {
            const row = rows[id];
            const cells = row && row.cells.map((cell) => cellLook(cell, matrix));
            return { id, number: drawn.first + place, row, cells };
        });
    }

    get above() {
        return this.state.drawn.first * ROW;
    }

    get below() {
        return Math.max(0, this.state.matrix.people.length - this.state.drawn.last) * ROW;
    }

    get legend() {
        return [
            { tone: "success", icon: "fa-check", text: _t("valid until") },
            { tone: "warning", icon: "fa-clock-o", text: _t("expires within 60 days") },
            { tone: "danger", icon: "fa-times", text: _t("missing, expired, revoked or too low") },
            { tone: "none", icon: "fa-minus", text: _t("not needed for the job") },
            { tone: "booked", icon: "", text: _t("training booked") },
        ];
    }

    get dayAndPeople() {
        const { on, people, without } = this.state.matrix;
        const day = luxon.DateTime.fromISO(on).toLocaleString(luxon.DateTime.DATE_MED);
        const words = { day, count: people.length, without };
        return without
            ? _t("as of %(day)s, %(count)s people; nothing is required of %(without)s more", words)
            : _t("as of %(day)s, %(count)s people", words);
    }

    get planLabel() {
        const { gaps } = this.state.matrix;
        return gaps === 1 ? _t("Plan training for 1 gap") : _t("Plan training for %s gaps", gaps);
    }

    get flags() {
        const { shown } = this.state.matrix;
        return [
            { key: "gaps", label: _t("With gaps"), count: shown.gaps },
            { key: "expiring", label: _t("Expiring soon"), count: shown.expiring },
            { key: "booked", label: _t("Training booked"), count: shown.booked },
        ];
    }

    get sections() {
        const { departments, jobs } = this.state.matrix;
        return [
            { key: "department", label: _t("Department"), icon: "fa-users", values: departments },
            { key: "job", label: _t("Job"), icon: "fa-briefcase", values: jobs },
        ];
    }

    get isEmpty() {
        return !this.state.matrix.people.length || !this.state.matrix.columns.length;
    }

    get isFiltered() {
        const { department, job, types, show, search } = this.state.filters;
        return Boolean(department || job || types.length || show.length || search);
    }

    metLabel(column) {
        return _t("%(met)s of %(needed)s", column);
    }

    cellLabel(line, column, look) {
        return `${line.row.name}, ${column.name}: ${look.label}`;
    }

    isActive(line, col) {
        return line.number === this.state.active.row && col === this.state.active.col;
    }

    // -- what people choose --------------------------------------------------------

    choose(values) {
        Object.assign(this.state.filters, values);
        if (this.scroller.el) {
            this.scroller.el.scrollTop = 0;
        }
        return this.load();
    }

    toggle(name, value) {
        const chosen = this.state.filters[name];
        const without = chosen.filter((one) => one !== value);
        return this.choose({ [name]: without.length < chosen.length ? without : [...chosen, value] });
    }

    onSearch(ev) {
        this.searchSoon(ev.target.value);
    }

    onDay(ev) {
        return this.choose({ on: ev.target.value || false });
    }

    clear() {
        return this.choose({ ...NO_FILTER, types: [], show: [], on: this.state.filters.on });
    }

    // -- the grid -------------------------------------------------------------------

    cellOf(target) {
        const td = target.closest("td[data-row]");
        return td && { td, row: Number(td.dataset.row), col: Number(td.dataset.col) };
    }

    onClick(ev) {
        const cell = this.cellOf(ev.target);
        if (cell) {
            this.state.active = { row: cell.row, col: cell.col };
            this.open(cell);
        }
    }

    onKey(ev) {
        const cell = this.cellOf(ev.target);
        if (!cell) {
            return;
        }
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.open(cell);
            return;
        }
        const { people, columns } = this.state.matrix;
        const next = nextCell(ev.key, cell, people.length, columns.length);
        if (next) {
            ev.preventDefault();
            this.state.active = next;
            this.moves = true;
            this.reveal(next.row);
        }
    }

    /** A row that is out of sight is not drawn: scroll there first. */
    reveal(row) {
        const el = this.scroller.el;
        const head = el.querySelector("thead").offsetHeight;
        const foot = el.querySelector("tfoot").offsetHeight;
        const top = row * ROW;
        const room = el.clientHeight - head - foot;
        if (top < el.scrollTop) {
            el.scrollTop = top;
        } else if (top + ROW > el.scrollTop + room) {
            el.scrollTop = top + ROW - room;
        }
        this.draw();
    }

    focusActive() {
        if (this.moves) {
            const { row, col } = this.state.active;
            const td = this.scroller.el?.querySelector(`td[data-row='${row}'][data-col='${col}']`);
            if (td) {
                this.moves = false;
                td.focus({ preventScroll: false });
            }
        }
    }

    open({ td, row, col }) {
        const { matrix, rows, filters } = this.state;
        const line = rows[matrix.people[row]];
        if (!line?.cells[col]) {
            return;
        }
        this.popover.open(td, {
            employee: line.id,
            skill: this.skills[col],
            on: filters.on,
            look: cellLook(line.cells[col], matrix),
            run: (method, cell) => this.run(method, [line.id, this.skills[col]], cell),
        });
    }

    // -- what leads on ----------------------------------------------------------------

    async run(method, args, cell) {
        if (method === "open") {
            return this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "hr.employee.skill",
                res_id: cell.certificate_id,
                views: [[false, "form"]],
            });
        }
        const action = await this.orm.call("sqms.competence", method, args);
        return this.action.doAction(action, { onClose: () => this.load() });
    }

    planGaps() {
        return this.run("plan_gaps", [{ ...this.state.filters }]);
    }

    /** The sheet as it is shown; the browser keeps the page. */
    download() {
        const filters = JSON.stringify(this.state.filters);
        browser.open(url("/sqms_training/competence.xlsx", { filters }), "_self");
    }
}

registry.category("actions").add("sqms_competence_matrix", CompetenceMatrix);
