from odoo import api, fields, models
from odoo.tools import SQL

INVOLVED = {"author_id", "owner_id", "escalated_to_id"}


class SqmsNonconformityPeople(models.Model):
    """Who has to do with it: what the record rules of everybody ask, by one index, in a register of any size.

    1. Who found it, who owns it, whom it was escalated to, and who owns one of its actions.
    2. It follows each of these at once, for all records together. Nobody reads it, nobody writes it.
    """

    _inherit = "sqms.nonconformity"

    involved_ids = fields.Many2many(
        "res.users", "sqms_nonconformity_involved_rel", "nonconformity_id", "user_id",
        compute="_compute_involved_ids", store=True, compute_sudo=True, copy=False, groups=fields.NO_ACCESS,
        export_string_translation=False,
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._update_involved()
        return records

    def write(self, vals):
        result = super().write(vals)
        if INVOLVED.intersection(vals):
            self._update_involved()
        return result

    @api.model
    def _update_involved(self):
        """At once: a search by way of another table does not know that this one waits to be brought up to date."""
        self._recompute_model(["involved_ids"])

    @api.depends("author_id", "owner_id", "escalated_to_id", "action_ids.owner_id")
    def _compute_involved_ids(self):
        """In one statement for all: the ORM writes such a field record by record.

        Asked from the database: what somebody has read of the actions before need not be all of them.
        """
        self.flush_model(["author_id", "owner_id", "escalated_to_id"])
        self.env["sqms.action"].flush_model(["nonconformity_id", "owner_id"])
        if saved := self.filtered("id"):
            self.env.cr.execute(saved._involved_query())
            saved.invalidate_recordset(["involved_ids"], flush=False)
        for nc in self - saved:
            nc.involved_ids = nc.author_id | nc.owner_id | nc.escalated_to_id | nc.action_ids.owner_id

    def _involved_query(self):
        return SQL(
            """
            WITH involved AS (
                SELECT nc.id,
                       somebody.id AS user_id
                  FROM sqms_nonconformity AS nc
            CROSS JOIN LATERAL (VALUES (nc.author_id), (nc.owner_id), (nc.escalated_to_id)) AS somebody (id)
                 WHERE nc.id IN %(ids)s AND somebody.id IS NOT NULL
                 UNION
                SELECT nonconformity_id,
                       owner_id
                  FROM sqms_action
                 WHERE nonconformity_id IN %(ids)s AND owner_id IS NOT NULL
            ), gone AS (
                DELETE FROM sqms_nonconformity_involved_rel AS rel
                 WHERE rel.nonconformity_id IN %(ids)s
                   AND NOT EXISTS (
                       SELECT 1
                         FROM involved
                        WHERE involved.id = rel.nonconformity_id AND involved.user_id = rel.user_id
                   )
            )
            INSERT INTO sqms_nonconformity_involved_rel (nonconformity_id, user_id)
            SELECT id,
                   user_id
              FROM involved
                ON CONFLICT DO NOTHING
            """,
            ids=tuple(self.ids),
        )
