from . import sqms_workflow_mixin
