"""hr_skills' own daily reminder rests while ours does its work, and wakes when ours leaves."""

from .models.sqms_appraisal_scheme import unwatch_weights

CRON = "hr_skills.hr_job_skills_cron_add_certification_activity_to_employees"
SILENCED = "sqms_training.hr_skills_cron_silenced"


def post_init_hook(env):
    """hr_skills looks at one row of each certificate, whichever came first, and warns of renewed ones."""
    cron = env.ref(CRON, raise_if_not_found=False)
    if cron and cron.active:
        cron.active = False
        env["ir.config_parameter"].set_param(SILENCED, "1")


def uninstall_hook(env):
    """Give back what we took: the cron if it was running before, the number series."""
    unwatch_weights(env)
    parameters = env["ir.config_parameter"]
    cron = env.ref(CRON, raise_if_not_found=False)
    if cron and parameters.get_param(SILENCED):
        cron.active = True
    parameters.search([("key", "=", SILENCED)]).unlink()
    env["ir.sequence"].with_context(active_test=False).search([("code", "=", "sqms.certificate")]).unlink()
