from . import sqms_audit_load_template
