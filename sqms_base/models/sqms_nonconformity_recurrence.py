from odoo import api, fields, models
from odoo.tools import SQL

# Their change can make something recur, or no longer.
# More than that of one kind are not told one by one.
MOST = 50
MOVING = {"found_at", "process_id", "company_id", "state"}


class SqmsNonconformityRecurrence(models.Model):
    """Whether it happened before.

    1. Again: another nonconformity of the same company and process with a root cause of the same kind was found
       within the twelve months before. What was dismissed does not count, neither now nor then.
    2. Of two found at the same instant the later entered one is the later one.
    3. Twelve months before 29 February is 28 February; that instant itself still counts.
    4. Before a root cause with its kind is known it is “possibly again” when something of the same process
       came from the same kind of record, or has a suspected cause of the same category.
    """

    _inherit = "sqms.nonconformity"

    recurrence_count = fields.Integer(
        string="Times Before", readonly=True, copy=False, default=0, index="btree_not_null", aggregator="sum",
        help="How many like it were found in the twelve months before.",
    )  # fmt: skip
    recurrence_key = fields.Char(readonly=True, copy=False, export_string_translation=False)
    is_recurrent = fields.Boolean(string="Recurring", compute="_compute_is_recurrent", search="_search_is_recurrent")
    possibly_count = fields.Integer(string="Possibly Before", compute="_compute_recurrence_words")
    recurrence_words = fields.Char(string="Recurrence", compute="_compute_recurrence_words")
    recurrence_total = fields.Integer(
        string="In 12 Months", compute="_compute_recurrence_words", help="It and those like it before it."
    )

    @api.depends("recurrence_count")
    def _compute_is_recurrent(self):
        for nc in self:
            nc.is_recurrent = nc.recurrence_count > 0

    def _search_is_recurrent(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        if wanted == {True}:
            return [("recurrence_count", ">", 0)]
        return [("recurrence_count", "=", 0)] if wanted == {False} else [(1 if wanted else 0, "=", 1)]

    @api.depends("recurrence_count", "process_id", "found_at", "res_model", "cause_ids", "state")
    @api.depends_context("lang")
    def _compute_recurrence_words(self):
        possibly = self._possibly_before()
        for nc in self:
            before = nc.recurrence_count
            nc.possibly_count = 0 if before else possibly.get(nc._origin.id, 0)
            nc.recurrence_total = 1 + (before or nc.possibly_count)
            if before:
                nc.recurrence_words = self._nth_words(before + 1)
            elif nc.possibly_count:
                nc.recurrence_words = self.env._("possibly again: %(number)s like it", number=nc.possibly_count)
            else:
                nc.recurrence_words = False

    @api.model
    def _nth_words(self, number):
        if number == 2:
            return self.env._("2nd in 12 months")
        if number == 3:
            return self.env._("3rd in 12 months")
        return self.env._("%(number)sth in 12 months", number=number)

    # -- keeping it up to date -----------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if MOVING.intersection(vals):
            self._update_recurrence()
        return result

    def _update_recurrence(self):
        """Count anew whatever these records can have changed: in three statements, however many they are.

        `recurrence_key` holds what a record counted by the last time; whose key is still the same changed nothing.
        """
        self.env["sqms.cause"].flush_model(["nonconformity_id", "type_id", "verdict"])
        self.flush_model(["company_id", "process_id", "found_at", "state", "recurrence_count"])
        moved = self.env.execute_query(self._recurrence_moved_query())
        keys = [key.split("|") for _id, old, new in moved for key in (old, new) if key]
        if not moved:
            return
        self.env.cr.execute(self._recurrence_key_query([(id_, new) for id_, _old, new in moved]))
        self.env.cr.execute(
            self._recurrence_query(
                ids=[id_ for id_, _old, _new in moved],
                places={(int(company), int(process)) for company, process, _found, _types in keys},
                types={int(id_) for *_place, types in keys for id_ in types.split(",")},
                since=min((found for _company, _process, found, _types in keys), default=None),
                until=max((found for _company, _process, found, _types in keys), default=None),
            )
        )
        self.env["sqms.nonconformity"].invalidate_model(
            ["recurrence_count", "is_recurrent", "recurrence_words", "possibly_count", "recurrence_key"], flush=False
        )

    def _recurrence_moved_query(self):
        """(id, key before, key now) of these records, where they differ; what counts for nobody has an empty key."""
        return SQL(
            """
            SELECT id, old_key, new_key
              FROM (
                   SELECT nc.id,
                          COALESCE(nc.recurrence_key, '') AS old_key,
                          CASE WHEN nc.state = 'dismissed' OR nc.process_id IS NULL OR kinds.ids IS NULL THEN ''
                               ELSE CONCAT_WS('|', nc.company_id, nc.process_id, nc.found_at, kinds.ids)
                           END AS new_key
                     FROM sqms_nonconformity AS nc
                LEFT JOIN LATERAL (
                          SELECT STRING_AGG(DISTINCT type_id::text, ',') AS ids
                            FROM sqms_cause
                           WHERE nonconformity_id = nc.id AND verdict = 'root' AND type_id IS NOT NULL
                          ) AS kinds ON TRUE
                    WHERE nc.id IN %(ids)s
                   ) AS keys
             WHERE old_key <> new_key
            """,
            ids=tuple(self.ids) or (0,),
        )

    @api.model
    def _recurrence_key_query(self, keys):
        rows = SQL(", ").join(SQL("(%s, %s)", id_, key) for id_, key in keys)
        return SQL(
            "UPDATE sqms_nonconformity AS nc SET recurrence_key = keys.new_key"
            " FROM (VALUES %s) AS keys (id, new_key) WHERE keys.id = nc.id",
            rows,
        )

    @api.model
    def _recurrence_query(self, ids, places, types, since, until):
        """Count for the records that moved, and for those after them that have a kind of cause with them in common."""
        return SQL(
            """
            UPDATE sqms_nonconformity AS nc
               SET recurrence_count = counted.number
              FROM (
                   SELECT later.id,
                          COUNT(DISTINCT earlier.id) AS number
                     FROM sqms_nonconformity AS later
                LEFT JOIN sqms_cause AS mine
                       ON mine.nonconformity_id = later.id
                      AND mine.verdict = 'root'
                      AND later.state <> 'dismissed'
                LEFT JOIN sqms_cause AS theirs
                       ON theirs.type_id = mine.type_id
                      AND theirs.verdict = 'root'
                      AND theirs.nonconformity_id <> later.id
                LEFT JOIN sqms_nonconformity AS earlier
                       ON earlier.id = theirs.nonconformity_id
                      AND earlier.company_id = later.company_id
                      AND earlier.process_id = later.process_id
                      AND earlier.found_at >= later.found_at - INTERVAL '12 months'
                      AND (earlier.found_at, earlier.id) < (later.found_at, later.id)
                      AND earlier.state <> 'dismissed'
                    WHERE later.id IN %(ids)s
                       OR (later.company_id, later.process_id) IN %(places)s
                      AND later.found_at >= %(since)s::timestamp
                      AND later.found_at <= %(until)s::timestamp + INTERVAL '12 months 1 day'
                      AND EXISTS (
                          SELECT 1
                            FROM sqms_cause AS common
                           WHERE common.nonconformity_id = later.id
                             AND common.verdict = 'root'
                             AND common.type_id IN %(types)s
                      )
                 GROUP BY later.id
                   ) AS counted
             WHERE counted.id = nc.id
               AND COALESCE(nc.recurrence_count, -1) <> counted.number
            """,
            ids=tuple(ids),
            places=tuple(places) or ((0, 0),),
            types=tuple(types) or (0,),
            since=since,
            until=until,
        )

    # -- the others ------------------------------------------------------------------

    def _before_query(self, is_possible):
        """(id, id of one before) of these records, by their kind of root cause or by what may be the same."""
        same = (
            SQL(
                """
                (earlier.res_model = later.res_model OR EXISTS (
                    SELECT 1
                      FROM sqms_cause AS mine
                      JOIN sqms_cause AS theirs ON theirs.category = mine.category
                     WHERE mine.nonconformity_id = later.id AND mine.verdict <> 'ruled_out'
                       AND theirs.nonconformity_id = earlier.id AND theirs.verdict <> 'ruled_out'
                ))
                AND NOT EXISTS (
                    SELECT 1
                      FROM sqms_cause AS mine
                     WHERE mine.nonconformity_id = later.id AND mine.verdict = 'root' AND mine.type_id IS NOT NULL
                )
                """
            )
            if is_possible
            else SQL(
                """
                EXISTS (
                    SELECT 1
                      FROM sqms_cause AS mine
                      JOIN sqms_cause AS theirs ON theirs.type_id = mine.type_id
                     WHERE mine.nonconformity_id = later.id AND mine.verdict = 'root'
                       AND theirs.nonconformity_id = earlier.id AND theirs.verdict = 'root'
                )
                """
            )
        )
        return SQL(
            """
            SELECT later.id,
                   before.id
              FROM sqms_nonconformity AS later
        CROSS JOIN LATERAL (
                   SELECT earlier.id
                     FROM sqms_nonconformity AS earlier
                    WHERE earlier.company_id = later.company_id
                      AND earlier.process_id = later.process_id
                      AND earlier.found_at >= later.found_at - INTERVAL '12 months'
                      AND earlier.found_at <= later.found_at
                      AND (earlier.found_at, earlier.id) < (later.found_at, later.id)
                      AND earlier.state <> 'dismissed'
                      AND %(same)s
                    LIMIT %(most)s
                   ) AS before
             WHERE later.id IN %(ids)s
               AND later.state <> 'dismissed'
            """,
            ids=tuple(self.ids) or (0,),
            same=same,
            most=MOST,
        )

    def _before(self, is_possible=False):
        """`{id: ids of those before it}`; one query."""
        saved = self._origin
        if not saved:
            return {}
        self.env["sqms.cause"].flush_model(["nonconformity_id", "type_id", "verdict", "category"])
        self.flush_model(["company_id", "process_id", "found_at", "state", "res_model"])
        before = {}
        for id_, earlier in self.env.execute_query(saved._before_query(is_possible)):
            before.setdefault(id_, []).append(earlier)
        return before

    def _possibly_before(self):
        return {id_: len(ids) for id_, ids in self._before(is_possible=True).items()}

    def action_recurrences(self):
        """This one and those like it in the twelve months before it, as far as the person may read them."""
        self.ensure_one()
        ids = self._before(is_possible=not self.recurrence_count).get(self.id, [])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("In 12 Months"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", [*ids, self.id])],
        }
