from odoo import models
from odoo.tools import SQL

FUNCTION = "sqms_state_has_entry"
# Deferred: the entry is written after the state, and both are there when the transaction ends. The instant is
# asked for as well, because transactions are counted anew when a backup is restored elsewhere.
WITNESS = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reached text := to_jsonb(NEW) ->> TG_ARGV[1];
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM sqms_ledger_entry
         WHERE res_model = TG_ARGV[0] AND res_id = NEW.id
           AND state = reached AND xact = pg_current_xact_id() AND date = now() AT TIME ZONE 'UTC'
    ) THEN
        RAISE EXCEPTION 'The state "%" of %,% has no entry in the ledger', reached, TG_ARGV[0], NEW.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$
"""


class SqmsWorkflowMixinTrigger(models.AbstractModel):
    """Under the guards, in the database: no state changes without its entry in the ledger.

    1. A row that changes its state, or arrives in a later one, is refused at the end of the transaction
       unless the same transaction has written the ledger entry of that record and that state.
    2. Whoever types SQL would have to forge a link of the chain, which the next anchor shows.
    """

    _inherit = "sqms.workflow.mixin"

    def init(self):
        super().init()
        if not self._abstract and self._auto:
            self._workflow_init_trigger()

    def _workflow_init_trigger(self):
        self.env.cr.execute(WITNESS)
        table = SQL.identifier(self._table)
        old, new = (SQL.identifier(row, self._workflow_field) for row in ("old", "new"))
        initial = tuple(state for state in self._workflow_initial if state)
        for name, event, condition in (
            ("arrival", SQL("INSERT"), SQL("%s NOT IN %s", new, initial)),
            ("change", SQL("UPDATE OF %s", SQL.identifier(self._workflow_field)),
             SQL("%s IS DISTINCT FROM %s", old, new)),
        ):  # fmt: skip
            trigger = SQL.identifier(f"sqms_state_{name}")
            self.env.cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, table))
            self.env.cr.execute(
                SQL(
                    """CREATE CONSTRAINT TRIGGER %s AFTER %s ON %s DEFERRABLE INITIALLY DEFERRED
                       FOR EACH ROW WHEN (%s) EXECUTE FUNCTION %s(%s, %s)""",
                    trigger, event, table, condition, SQL.identifier(FUNCTION), self._name, self._workflow_field,
                )
            )  # fmt: skip
