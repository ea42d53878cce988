from odoo import fields, models
from odoo.tools import SQL


class SqmsDocumentCoverage(models.Model):
    """How far an edition has been read, department by department."""

    _name = "sqms.document.coverage"
    _description = "Readings by Department"
    _auto = False
    _order = "version_id desc, department_id"
    _rec_name = "department_id"
    _depends = {
        "sqms.acknowledgement": ["version_id", "document_id", "company_id", "department_id", "employee_id", "state"],
    }

    version_id = fields.Many2one("sqms.document.version", string="Edition", readonly=True)
    document_id = fields.Many2one("sqms.document", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    reader_count = fields.Integer(string="Readers", readonly=True)
    read_count = fields.Integer(string="Have Read", readonly=True)
    carried_count = fields.Integer(string="Carried Over", readonly=True)
    read_percent = fields.Float(string="Read (%)", aggregator="avg", readonly=True)

    @property
    def _table_query(self):
        # Who left the target group without reading is not counted; who had not read it when it ended is.
        return SQL(
            """
            SELECT min(reading.id)                                           AS id,
                   reading.version_id                                        AS version_id,
                   min(reading.document_id)                                  AS document_id,
                   min(reading.company_id)                                   AS company_id,
                   reading.department_id                                     AS department_id,
                   count(*)                                                  AS reader_count,
                   count(*) FILTER (WHERE reading.state IN ('done', 'carried')) AS read_count,
                   count(*) FILTER (WHERE reading.state = 'carried')         AS carried_count,
                   100.0 * count(*) FILTER (WHERE reading.state IN ('done', 'carried')) / count(*) AS read_percent
              FROM sqms_acknowledgement reading
             WHERE reading.state <> 'left'
             GROUP BY reading.version_id, reading.department_id
            """
        )
