def uninstall_hook(env):
    """What the ORM does not know of and would leave behind.

    The tables of the ledger go with the addon, entries and all. Before that the whole ledger is written into an
    attachment, so that nobody loses it without a word; the anchors that were sent outside go with it for a check.
    """
    env["sqms.ledger.entry"].sudo()._keep_export()
    env.cr.execute("DROP TABLE IF EXISTS sqms_public_throttle, sqms_public_throttle_secret, sqms_privacy_gate")
    env["ir.config_parameter"].sudo().search([("key", "=", "sqms_base.feedback_pepper")]).unlink()
    env.cr.execute("DROP FUNCTION IF EXISTS sqms_ledger_refuse() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS sqms_ledger_check() CASCADE")
    # The triggers of the signatures go with their table; the functions do not.
    for function in ("sqms_signature_keep", "sqms_signature_seal", "sqms_signature_pair"):
        env.cr.execute(f"DROP FUNCTION IF EXISTS {function}() CASCADE")
