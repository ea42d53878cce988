def uninstall_hook(env):
    """Take away what no model owns: the secret of codes that no longer exist."""
    env["ir.config_parameter"].sudo().search([("key", "=", "sqms_complaint.access_pepper")]).unlink()
