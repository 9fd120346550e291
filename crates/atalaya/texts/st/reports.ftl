## Mails to a reporter
reports-receipt-subject = Re fumane tlaleho ea hau
reports-receipt-thanks = Rea leboha. { $team } e fumane tlaleho ea hau. Nomoro ea eona ke { $number }.
reports-receipt-promise = { $promise } Ke hore, pele ho { $due } e feta.
reports-receipt-link =
    U ka latela tlaleho ea hau, ua eketsa ho eona 'me ua bala likarabo tsa rona mona:
    { $link }
    Ipolokele aterese ena: mang kapa mang ea nang le eona a ka bala tlaleho ea hau. U ka boela ua araba imeile ena feela.
reports-receipt-automatic = Ena ke rasiti e ithomelang ka boeona, ha se karabo ea rona. Motho o tla bala tlaleho ea hau.
reports-referred-subject = Tlaleho ea hau ke ea sehlopha se seng
reports-referred-body =
    Rea leboha ka tlaleho ea hau { $number }. Re e balile, 'me ha se mosebetsi oa rona: { $reason }

    Sebaka se nepahetseng ke { $name } ({ $covers }).
    U ba fumana mona: { $reach }

    Ha ho letho leo re le fetisitseng; ke uena ea etsang qeto ea ho ba ngolla. Haeba u nahana hore rea fosa, araba molaetsa ona 'me re tla e sheba hape.
reports-closed-subject = Tlaleho ea hau e koetsoe
reports-closed-body =
    Tlaleho ea hau { $number } e koetsoe. Kamoo e felileng kateng, le tsohle tseo re ngollaneng tsona, li mona:
    { $link }

    Ipolokele aterese ena: mang kapa mang ea nang le eona a ka bala tlaleho ea hau.

    Haeba e khutla, kapa u utloa ho hong ho hocha, araba imeile ena feela. Motho oa e bala, 'me haeba ho sa na le se lokelang ho etsoa, o nka taba hape tlas'a nomoro eona eo.

    Imeile ena e ithometse ka boeona.
reports-closed-bare-body =
    Tlaleho ea hau { $number } e koetsoe.

    Haeba e khutla, kapa u utloa ho hong ho hocha, araba imeile ena feela. Motho oa e bala, 'me haeba ho sa na le se lokelang ho etsoa, o nka taba hape tlas'a nomoro eona eo.

    Imeile ena e ithometse ka boeona.
