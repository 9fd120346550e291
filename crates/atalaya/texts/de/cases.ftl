## Um jede Nachricht an Beteiligte herum
letter-label = { $label } - { $meaning }
letter-number = Unsere Nummer: { $number }
letter-recommendations = Unsere Empfehlungen
letter-reply-mail = Antworten Sie einfach auf diese Mail und lassen Sie die Nummer im Betreff. Oder lesen und antworten Sie auf Ihrer Seite:
letter-reply-page = Bitte lesen und antworten Sie auf Ihrer Seite:
letter-reply-only = Antworten Sie einfach auf diese Mail und lassen Sie die Nummer im Betreff.
letter-report = Ihre Meldung: { $number }
letter-follow-mail = Antworten Sie einfach auf diese Mail und lassen Sie die Nummer im Betreff. Oder verfolgen Sie Ihre Meldung und antworten Sie auf ihrer Seite:
letter-follow-page = Bitte lesen und antworten Sie auf der Seite Ihrer Meldung:
not-binding = Es sind Empfehlungen, keine Anweisungen: Was Sie tun, entscheiden Sie.
tlp-clear = darf frei weitergegeben werden.
tlp-green = für Ihre Gemeinschaft, nicht für die Öffentlichkeit.
tlp-amber = für Ihre Organisation und jene ihrer Kunden, die es wissen müssen.
tlp-amber-strict = nur für Ihre Organisation.
tlp-red = nur für Sie; bitte geben Sie es nicht weiter.
tlp-clear-person = Sie dürfen es allen weitergeben.
tlp-green-person = Sie dürfen es an Menschen weitergeben, denen es hilft; bitte veröffentlichen Sie es nicht.
tlp-amber-person = für Sie; geben Sie es nur an Menschen weiter, die es brauchen, um sich zu schützen.
tlp-amber-strict-person = für Sie; geben Sie es nur an Menschen weiter, mit denen Sie leben oder arbeiten und die es brauchen, um sich zu schützen.
tlp-red-person = nur für Sie; bitte zeigen Sie es niemandem.

## Empfehlungen
recommendation-operational = für jetzt
recommendation-best-practice = gute Praxis
recommendation-wish = Es wäre schön, wenn es bis { $day } getan wäre.
recommendation-answer-here = Sagen Sie uns, wie Sie entscheiden:

## Hinweis auf eine Nachricht, die auf der Seite gelesen wird
notice-subject = Eine Nachricht für Sie
notice-body =
    Es gibt eine neue Nachricht für Sie zu { $number }.

    Sie ist so gekennzeichnet, dass wir sie nicht mit offener Mail schicken. Bitte lesen Sie sie auf Ihrer Seite:
notice-body-bare =
    Es gibt eine neue Nachricht für Sie zu { $number }.

    Sie ist so gekennzeichnet, dass weder sie noch ein Link zu ihr mit offener Mail gehen darf. Wenn Sie bei uns ein Konto haben, melden Sie sich an, um sie zu lesen. Sonst rufen Sie uns an, oder antworten Sie auf diese Mail, ohne etwas von der Sache zu sagen; wir sagen Ihnen dann, wie Sie sie erreichen.

## Vorlagen
template-answer-reporter-subject = Zu Ihrer Meldung
template-answer-reporter-body =
    Guten Tag,

    vielen Dank für Ihre Meldung { $number } vom { $day }. Wir haben sie gelesen und arbeiten daran, zusammen mit denen, die das Problem lösen können.

    Wir schreiben Ihnen wieder, sobald es Neues gibt oder wir etwas von Ihnen brauchen. Bis dahin brauchen Sie nichts zu tun.

    Wenn Sie es wieder sehen oder etwas Neues erfahren, antworten Sie einfach.
template-how-it-ended-subject = Wie Ihre Meldung ausging
template-how-it-ended-body =
    Guten Tag,

    wir haben unsere Arbeit an Ihrer Meldung { $number } vom { $day } beendet. So ging es aus:

    { $outcome }

    Vielen Dank, dass Sie es uns gesagt haben: Es hilft auch anderen. Wenn es wieder geschieht oder Sie etwas Neues erfahren, antworten Sie einfach. Ein Mensch liest es und nimmt es, wenn noch etwas zu tun ist, unter derselben Nummer wieder auf.
ended-open = [Sagen Sie hier, wie es ausging.]
ended-resolved = Die Ursache ist behoben. Soweit wir wissen, kommt dadurch niemand mehr zu Schaden.
ended-mitigated = Der Schaden ist gestoppt. Die Ursache ist vielleicht nicht ganz behoben, und wir behalten sie im Auge.
ended-handed-over = Ein anderes Team oder eine Behörde macht weiter.
ended-not-possible = Wir konnten es nicht zu einem guten Ende bringen.
template-ask-information-reporter-body =
    Guten Tag,

    vielen Dank für Ihre Meldung { $number } vom { $day }. Wir arbeiten daran, und Sie können uns helfen, sie besser zu verstehen.

    Bitte sagen Sie uns:
    - wann Sie es zuerst bemerkt haben, und ob es noch andauert;
    - was genau Sie gesehen oder bekommen haben: den Text, eine Adresse, ein Bild vom Bildschirm;
    - was Sie seither getan haben.

    Wenn Sie etwas nicht wissen, lassen Sie es einfach weg. Bitte schicken Sie uns keine Passwörter.
template-ask-consent-reporter-body =
    Guten Tag,

    um das Problem aus Ihrer Meldung { $number } schneller zu lösen, würde es helfen, wenn wir anderen Beteiligten sagen dürften, wer Sie sind. Bisher haben wir Sie niemandem genannt.

    Dürfen wir sagen, wer Sie sind, und weitergeben, was Sie uns geschrieben haben? Bitte sagen Sie uns, an wen, wofür und bis wann. Sie dürfen auch Nein sagen, und Sie können es jederzeit zurücknehmen.
template-forward-answer-reporter-body =
    Guten Tag,

    zu Ihrer Meldung { $number } hat uns jemand anderes, der beteiligt ist, Folgendes gesagt; wir geben es im Wortlaut weiter. Namen, Adressen und Nummern, an denen wir die Beteiligten erkennen, haben wir herausgenommen.

    { $quoted }

    Wenn Sie antworten möchten, schreiben Sie uns; wir geben es auf demselben Weg weiter.
template-ask-information-bare-body =
    Guten Tag,

    wir koordinieren einen Vorfall unter der Nummer { $number } und brauchen Ihre Hilfe, um ihn zu verstehen.

    Bitte sagen Sie uns:
    - was Sie auf Ihrer Seite sehen, und seit wann;
    - ob Sie die Ursache kennen;
    - was Sie schon getan haben und was Sie vorhaben;
    - mit wem wir direkt sprechen dürfen.

    Zeiten mit ihrer Zeitzone helfen uns am meisten. Vielen Dank.
template-notify-source-bare-body =
    Guten Tag,

    uns wurden schädliche Vorgänge gemeldet, die von Systemen bei Ihnen ausgehen.

    Es kann gut sein, dass diese Systeme ohne Ihr Wissen missbraucht werden. Bitte sehen Sie nach und sagen Sie uns, was Sie finden.
template-notify-target-bare-body =
    Guten Tag,

    wir haben von Angriffen auf Systeme bei Ihnen erfahren.

    Bitte prüfen Sie, ob Sie betroffen sind, und sagen Sie uns, wie es bei Ihnen steht und ob Sie Hilfe brauchen.
template-ask-information-subject = Bitte um Auskunft
template-ask-information-body =
    Guten Tag,

    wir koordinieren einen Vorfall unter der Nummer { $number } und brauchen Ihre Hilfe, um ihn zu verstehen. Auf Ihrer Seite betrifft er:

    { $rows }

    Bitte sagen Sie uns:
    - was Sie dort sehen, und seit wann;
    - ob Sie die Ursache kennen;
    - was Sie schon getan haben und was Sie vorhaben;
    - mit wem wir direkt sprechen dürfen.

    Zeiten mit ihrer Zeitzone helfen uns am meisten. Vielen Dank.
template-notify-source-subject = Schädlicher Verkehr aus Ihrem Netz
template-notify-source-body =
    Guten Tag,

    uns wurden schädliche Vorgänge gemeldet, die von Systemen bei Ihnen ausgehen:

    { $rows }

    Es kann gut sein, dass diese Systeme ohne Ihr Wissen missbraucht werden. Bitte sehen Sie nach und sagen Sie uns, was Sie finden.
template-notify-target-subject = Angriffe auf Ihre Systeme
template-notify-target-body =
    Guten Tag,

    wir haben von Angriffen auf Systeme bei Ihnen erfahren:

    { $rows }

    Bitte prüfen Sie, ob Sie betroffen sind, und sagen Sie uns, wie es bei Ihnen steht und ob Sie Hilfe brauchen.
template-ask-consent-subject = Dürfen wir Sie nennen?
template-ask-consent-body =
    Guten Tag,

    um { $number } schneller zu lösen, würde es helfen, wenn wir anderen Beteiligten sagen dürften, wer Sie sind. Bisher haben wir Sie niemandem genannt.

    Dürfen wir Ihre Organisation nennen und die betroffenen Adressen weitergeben? Bitte sagen Sie uns, an wen, wofür und bis wann. Sie können es jederzeit zurücknehmen.
template-forward-answer-subject = Eine Antwort auf Ihre Frage
template-forward-answer-body =
    Guten Tag,

    andere Beteiligte haben uns Folgendes gesagt; wir geben es im Wortlaut weiter. Namen, Adressen und Nummern, an denen wir sie erkennen, haben wir herausgenommen.

    { $quoted }

    Bitte schicken Sie Ihre Antwort an uns; wir geben sie auf demselben Weg weiter.
template-closing-subject = Wir schließen diesen Vorfall
template-closing-body =
    Guten Tag,

    von unserer Seite ist { $number } gelöst, und wir schließen es. Vielen Dank für Ihre Hilfe.

    Sollte noch einmal etwas auftauchen, antworten Sie einfach: Wir nehmen es unter derselben Nummer wieder auf.
held-back = [zurückgehalten]
