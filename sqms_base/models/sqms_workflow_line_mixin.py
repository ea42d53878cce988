from odoo import api, models
from odoo.tools import SQL


class SqmsWorkflowLineMixin(models.AbstractModel):
    """Lines that are closed when the record is that they belong to.

    1. A line is added, changed and deleted while its record leaves the field that lists the lines open.
    2. A line that moves from one record to another asks both.
    3. Whoever writes a line while somebody takes the record to another state waits, and is then refused.
    4. The record's own steps write lines of a locked record under `workflow_fields(record, <lines>)`.
    """

    _name = "sqms.workflow.line.mixin"
    _inherit = ["sqms.keep.mixin"]
    _description = "Lines of a record with a workflow"

    _workflow_parent = ""  # the many2one to the record
    _workflow_parent_lines = ""  # the one2many of the record that lists these lines

    def _create(self, data_list):
        # Defaults from the context and from ir.default are merged below `create`.
        ids = {data["stored"].get(self._workflow_parent) for data in data_list}
        self._workflow_guard_parents(self._workflow_parents(ids))
        return super()._create(data_list)

    def write(self, vals):
        if vals:
            self._workflow_guard_parents(
                self[self._workflow_parent] | self._workflow_parents({vals.get(self._workflow_parent)})
            )
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._workflow_guard_parents(self[self._workflow_parent])
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked_parent(self):
        self._workflow_guard_parents(self[self._workflow_parent])

    def _workflow_parents(self, ids):
        return self[self._workflow_parent].browse(id_ for id_ in ids if id_)

    def _workflow_guard_parents(self, parents):
        """Refuse when one of the records is locked; hold all of them as they are until the end."""
        # A line is judged by the state of its record, whether its writer may read the record or not.
        parents = parents.sudo()
        # Nobody else sees yet what this transaction has created.
        known = parents.filtered(lambda parent: parent.create_date != self.env.cr.now())
        if known:
            parents.flush_recordset([parents._workflow_field])
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR SHARE",
                    SQL.identifier(parents._table),
                    tuple(known.ids),
                ),
                log_exceptions=False,
            )
        parents._workflow_guard_locked({self._workflow_parent_lines})
