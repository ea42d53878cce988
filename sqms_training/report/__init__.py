from . import sqms_certificate_report
