def uninstall_hook(env):
    """Take away what no model owns: the counters of the public pages, and the secret of codes that no longer exist."""
    env.cr.execute("DROP TABLE IF EXISTS sqms_complaint_throttle, sqms_complaint_throttle_secret")
    env["ir.config_parameter"].sudo().search([("key", "=", "sqms_complaint.access_pepper")]).unlink()
