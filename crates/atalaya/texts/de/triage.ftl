## Was wir aus dem Eingang an jemanden schreiben, der gemeldet hat
triage-advice-subject = Unsere Antwort auf „{ $title }“
triage-advice-body =
    Guten Tag,

    vielen Dank, dass Sie uns geschrieben haben. Sie haben um Rat gebeten, und hier ist, was wir empfehlen. Es sind Empfehlungen, keine Anweisungen: Sie entscheiden, was passt.

    1.

    Wenn etwas unklar ist oder etwas Neues geschieht, antworten Sie auf diese Nachricht.
triage-advice-body-named =
    Guten Tag { $name },

    vielen Dank, dass Sie uns geschrieben haben. Sie haben um Rat gebeten, und hier ist, was wir empfehlen. Es sind Empfehlungen, keine Anweisungen: Sie entscheiden, was passt.

    1.

    Wenn etwas unklar ist oder etwas Neues geschieht, antworten Sie auf diese Nachricht.
