## What we write to a reporter from the inbox
triage-advice-subject = Karabo ea rona ho “{ $title }”
triage-advice-body =
    Lumela,

    Rea leboha ha u re ngoletse. U kopile keletso, 'me ke ena eo re u eletsang eona. Tsena ke likeletso, ha se litaelo: ke uena ea etsang qeto ea se loketseng.

    1.

    Haeba ho na le se sa hlakang, kapa ho etsahala ho hong ho hocha, araba molaetsa ona.
triage-advice-body-named =
    Ea ratehang { $name },

    Rea leboha ha u re ngoletse. U kopile keletso, 'me ke ena eo re u eletsang eona. Tsena ke likeletso, ha se litaelo: ke uena ea etsang qeto ea se loketseng.

    1.

    Haeba ho na le se sa hlakang, kapa ho etsahala ho hong ho hocha, araba molaetsa ona.
