import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const ZOOMS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5];

/** The landscape of processes as the server draws it; each box is a link that opens its process. */
export class ProcessMap extends Component {
    static template = "sqms_base.ProcessMap";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "sqms-process-map";
    static displayName = _t("Process Map");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ zoom: "fit" });
        onWillStart(async () => {
            const data = await this.orm.call("sqms.process", "map_screen", []);
            this.mayWrite = data.may_write;
            // The server escapes every name; nothing of it is put together here.
            this.maps = data.maps.map((map) => ({ ...map, drawing: markup(map.svg) }));
        });
    }

    get count() {
        const number = this.maps.reduce((sum, map) => sum + map.count, 0);
        return number === 1 ? _t("1 process") : _t("%s processes", number);
    }

    get isEmpty() {
        return this.maps.every((map) => !map.count);
    }

    get canvasStyle() {
        return this.state.zoom === "fit" ? "" : `zoom: ${this.state.zoom}`;
    }

    step(direction) {
        const now = this.state.zoom === "fit" ? 1 : this.state.zoom;
        const next = direction > 0 ? ZOOMS.find((zoom) => zoom > now) : ZOOMS.findLast((zoom) => zoom < now);
        this.state.zoom = next || now;
    }

    onClick(ev) {
        const box = ev.target.closest("[data-process]");
        if (box && !ev.ctrlKey && !ev.metaKey && !ev.shiftKey) {
            ev.preventDefault();
            this.open(parseInt(box.dataset.process, 10));
        }
    }

    open(id) {
        return this.action.doAction("sqms_base.sqms_process_action", { viewType: "form", props: { resId: id } });
    }

    showList(filter) {
        return this.action.doAction("sqms_base.sqms_process_action", {
            additionalContext: filter ? { [`search_default_${filter}`]: 1 } : {},
        });
    }

    create() {
        return this.action.doAction("sqms_base.sqms_process_action", { viewType: "form" });
    }

    download() {
        for (const map of this.maps.filter((one) => one.count)) {
            const name = map.company.replace(/[^\p{L}\p{N}-]+/gu, "-");
            downloadFile(map.svg, `process-map-${name}.svg`, "image/svg+xml");
        }
    }
}

registry.category("actions").add("sqms_process_map", ProcessMap);
