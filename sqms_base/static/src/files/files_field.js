import { Component } from "@odoo/owl";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { FileModelMixin } from "@web/core/file_viewer/file_model";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A file as the viewer of the web client knows it. */
class CardFile extends FileModelMixin(Object) {
    constructor(data) {
        super();
        Object.assign(this, data);
    }
}

// The first that fits: what the type begins with, the icon, the shade.
const LOOKS = [
    ["application/pdf", "fa-file-pdf-o text-danger"],
    ["image/", "fa-file-image-o text-info"],
    ["audio/", "fa-file-audio-o text-success"],
    ["video/", "fa-file-video-o text-success"],
    ["text/", "fa-file-text-o text-muted"],
    ["application/vnd.ms-excel", "fa-file-excel-o text-success"],
    ["application/vnd.openxmlformats-officedocument.spreadsheetml", "fa-file-excel-o text-success"],
    ["application/msword", "fa-file-word-o text-primary"],
    ["application/vnd.openxmlformats-officedocument.wordprocessingml", "fa-file-word-o text-primary"],
];

/** “212 kB”, “1.4 MB”: as many digits as a person reads. */
export function sizeText(bytes) {
    if (!bytes) {
        return "";
    }
    if (bytes < 1000000) {
        return `${Math.max(1, Math.round(bytes / 1000))} kB`;
    }
    return `${formatFloat(bytes / 1000000, { digits: [16, 1] })} MB`;
}

/** “PDF”, “JPG”: the ending of the name, else the second half of the type. */
export function kindText(name, mimetype) {
    const ending = /\.([A-Za-z0-9]{2,5})$/.exec(name || "");
    return (ending ? ending[1] : (mimetype || "").split("/").at(-1).split(/[.+-]/).at(-1)).toUpperCase();
}

/** Files of a record as cards with name, kind and size; a click opens or downloads. */
export class FilesField extends Component {
    static template = "sqms_base.FilesField";
    static props = { ...standardFieldProps };

    setup() {
        this.viewer = useFileViewer();
    }

    get files() {
        return this.props.record.data[this.props.name].records.map(({ resId: id, data }) => {
            const { name, mimetype } = data;
            const look = LOOKS.find(([start]) => (mimetype || "").startsWith(start));
            return {
                file: new CardFile({ id, name, mimetype, type: "binary" }),
                id,
                title: name,
                name: name.replace(/\.[A-Za-z0-9]{2,5}$/, "") || name,
                icon: look ? look[1] : "fa-file-o text-muted",
                facts: [kindText(name, mimetype), sizeText(data.file_size)].filter(Boolean),
                href: `/web/content/${id}?download=true`,
            };
        });
    }

    open(ev, chosen) {
        if (chosen.file.isViewable) {
            ev.preventDefault();
            this.viewer.open(
                chosen.file,
                this.files.map((card) => (card.id === chosen.id ? chosen.file : card.file)),
            );
        }
    }
}

registry.category("fields").add("sqms_files", {
    component: FilesField,
    supportedTypes: ["many2many", "one2many"],
    isEmpty: () => false,
    relatedFields: [
        { name: "name", type: "char" },
        { name: "mimetype", type: "char" },
        { name: "file_size", type: "integer" },
    ],
});
