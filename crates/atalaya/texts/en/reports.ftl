## Mails to a reporter
reports-receipt-subject = We have received your report
reports-receipt-thanks = Thank you. { $team } has received your report. Its number is { $number }.
reports-receipt-promise = { $promise } That is by { $due }.
reports-receipt-link =
    You can follow your report, add to it and read our answers here:
    { $link }
    Keep this address to yourself: whoever has it can read your report. You can also simply answer this mail.
reports-receipt-automatic = This is an automatic receipt, not our answer. A person will read your report.
reports-referred-subject = Your report belongs elsewhere
reports-referred-body =
    Thank you for your report { $number }. We have read it, and it is not ours to handle: { $reason }

    The right place is { $name } ({ $covers }).
    You reach them here: { $reach }

    We have passed nothing on; whether you write to them is up to you. If you think that we are wrong, answer this message and we look at it again.
reports-closed-subject = Your report is closed
reports-closed-body =
    Your report { $number } is closed. How it ended, and all that we wrote to each other, stands here:
    { $link }

    Keep this address to yourself: whoever has it can read your report.

    If it comes back, or if you learn something new, simply answer this mail. A person reads it and, if there is more to do, takes it up again under the same number.

    This mail was sent by itself.
reports-closed-bare-body =
    Your report { $number } is closed.

    If it comes back, or if you learn something new, simply answer this mail. A person reads it and, if there is more to do, takes it up again under the same number.

    This mail was sent by itself.
