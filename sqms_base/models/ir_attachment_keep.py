from odoo import models


class IrAttachmentKeep(models.Model):
    """Files that a record keeps as its own."""

    _inherit = "ir.attachment"

    def _sqms_kept_by(self, record):
        """These files as files of the record: nobody changes or publishes them from somewhere else.

        What a person has just uploaded becomes the record's; what hangs on another record is copied, if he may
        read it.

        :return: the record's files, with all rights
        """
        home = {
            "res_model": record._name, "res_id": record.id, "res_field": False, "public": False, "access_token": False,
        }  # fmt: skip
        kept = self.sudo().browse()
        for file in self:
            own = file.sudo()
            if (own.res_model, own.res_id) == (record._name, record.id):
                kept |= own
            elif not own.res_id and own.create_uid == self.env.user:
                own.write(home)
                kept |= own
            else:
                file.check_access("read")
                kept |= own.copy(home)
        return kept
