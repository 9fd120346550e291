## Mails an Menschen, die gemeldet haben
reports-receipt-subject = Ihre Meldung ist bei uns
reports-receipt-thanks = Vielen Dank. { $team } hat Ihre Meldung bekommen. Ihre Nummer ist { $number }.
reports-receipt-promise = { $promise } Das heißt: bis { $due }.
reports-receipt-link =
    Hier können Sie Ihre Meldung verfolgen, ergänzen und unsere Antworten lesen:
    { $link }
    Behalten Sie diese Adresse für sich: Wer sie hat, kann Ihre Meldung lesen. Sie können auch einfach auf diese Mail antworten.
reports-receipt-automatic = Dies ist eine automatische Empfangsbestätigung, nicht unsere Antwort. Ein Mensch wird Ihre Meldung lesen.
reports-referred-subject = Ihre Meldung gehört an eine andere Stelle
reports-referred-body =
    Vielen Dank für Ihre Meldung { $number }. Wir haben sie gelesen, und sie ist nicht unsere Sache: { $reason }

    Die richtige Stelle ist { $name } ({ $covers }).
    Dort erreichen Sie sie: { $reach }

    Wir haben nichts weitergegeben; ob Sie dorthin schreiben, entscheiden Sie. Wenn Sie meinen, dass wir uns irren, antworten Sie auf diese Nachricht, und wir sehen noch einmal nach.
reports-closed-subject = Ihre Meldung ist geschlossen
reports-closed-body =
    Ihre Meldung { $number } ist geschlossen. Wie es ausging und alles, was wir einander geschrieben haben, steht hier:
    { $link }

    Behalten Sie diese Adresse für sich: Wer sie hat, kann Ihre Meldung lesen.

    Wenn es wiederkommt oder Sie etwas Neues erfahren, antworten Sie einfach auf diese Mail. Ein Mensch liest sie und nimmt es, wenn noch etwas zu tun ist, unter derselben Nummer wieder auf.

    Diese Mail wurde automatisch gesendet.
reports-closed-bare-body =
    Ihre Meldung { $number } ist geschlossen.

    Wenn es wiederkommt oder Sie etwas Neues erfahren, antworten Sie einfach auf diese Mail. Ein Mensch liest sie und nimmt es, wenn noch etwas zu tun ist, unter derselben Nummer wieder auf.

    Diese Mail wurde automatisch gesendet.
