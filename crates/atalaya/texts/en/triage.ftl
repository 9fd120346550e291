## What we write to a reporter from the inbox
triage-advice-subject = Our answer to “{ $title }”
triage-advice-body =
    Good day,

    Thank you for writing to us. You asked for advice, and here is what we recommend. These are recommendations, not orders: you decide what fits.

    1.

    If anything is unclear, or if something new happens, answer this message.
triage-advice-body-named =
    Dear { $name },

    Thank you for writing to us. You asked for advice, and here is what we recommend. These are recommendations, not orders: you decide what fits.

    1.

    If anything is unclear, or if something new happens, answer this message.
