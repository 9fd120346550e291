## Sich zu dem anmelden, was im Kalender steht
registration-form = Anmelden
registration-until = Anmeldeschluss: { $when }.
registration-left = { $count ->
    [one] Ein Platz ist noch frei.
   *[other] { $count } Plätze sind noch frei.
 }
registration-no-limit = Für alle, die sich anmelden, ist Platz.
registration-full = Alle Plätze sind vergeben. Wer sich jetzt anmeldet, kommt auf die Warteliste.
registration-waits = { $count ->
    [one] Eine Person wartet.
   *[other] { $count } Personen warten.
 }
registration-closed = Die Anmeldung ist geschlossen.
registration-begun = Es hat begonnen.
registration-over = Es ist vorbei.
registration-name = Ihr Name
registration-address = Ihre Mailadresse
registration-address-hint = Wir schicken Ihnen eine Mail mit einem Link. Ihr Platz zählt, sobald Sie dort den Knopf drücken.
registration-organisation = Organisation
registration-remark = Was wir wissen sollten
registration-go = Anmelden
registration-wait = Auf die Warteliste
registration-kept = Nur das Team sieht das. Es wird { $days } Tage nach der Veranstaltung gelöscht.
registration-asked-text = Wir haben Ihnen eine Mail mit einem Link geschickt. Öffnen Sie ihn und drücken Sie dort den Knopf: Von da an zählt Ihre Anmeldung.
registration-yours = Ihre Anmeldung
registration-is-asked = Noch nicht bestätigt
registration-is-coming = Sie haben einen Platz.
registration-is-waiting = Sie sind Nummer { $number } auf der Warteliste.
registration-is-cancelled = Sie sind nicht angemeldet.
registration-confirm = Ja, ich melde mich an
registration-again = Wieder anmelden
registration-cancel = Ich komme nicht
error-said-registration-name = Schreiben Sie Ihren Namen in eine Zeile, mit höchstens 120 Buchstaben.
error-said-registration-organisation = Schreiben Sie die Organisation in eine Zeile, mit höchstens 300 Buchstaben.
error-said-registration-remark = Schreiben Sie die Bemerkung in eine Zeile, mit höchstens 300 Buchstaben.
error-said-registration-closed = Die Anmeldung ist geschlossen.
error-said-registration-begun = Es hat begonnen; hier lässt sich nichts mehr ändern.
mail-registration-ask-subject = Bitte bestätigen: { $title }
mail-registration-ask-text = Jemand, hoffentlich Sie, hat diese Adresse bei { $team } angemeldet:
mail-registration-how = Wenn Sie kommen möchten, öffnen Sie diese Seite und drücken Sie dort den Knopf. Anmeldeschluss: { $until }.
    { $link }

    Wenn nicht, tun Sie nichts: Wir schreiben nicht mehr.
mail-registration-coming-subject = Sie haben einen Platz: { $title }
mail-registration-coming-text = Sie haben einen Platz.
mail-registration-waiting-subject = Warteliste: { $title }
mail-registration-waiting-text = Alle Plätze sind vergeben. Wir schreiben Ihnen, sobald einer frei wird.
mail-registration-moved-up-subject = Ein Platz ist frei geworden: { $title }
mail-registration-moved-up-text = Ein Platz ist frei geworden, und er ist Ihrer.
mail-registration-again-subject = Sie sind schon angemeldet: { $title }
mail-registration-again-text = Jemand, vielleicht Sie, hat diese Adresse noch einmal angemeldet. Es hat sich nichts geändert.
mail-registration-cancelled-subject = Nicht mehr angemeldet: { $title }
mail-registration-cancelled-text = Sie sind nicht mehr angemeldet zu:
mail-registration-removed-subject = Nicht mehr angemeldet: { $title }
mail-registration-removed-text = Wir haben Sie von dieser Liste genommen:
mail-registration-off-subject = Findet nicht statt: { $title }
mail-registration-off-text = Das findet nicht statt:
mail-registration-on-subject = Findet doch statt: { $title }
mail-registration-on-text = Das findet doch statt:
mail-registration-changed-subject = Geändert: { $title }
mail-registration-changed-text = Zeit oder Ort haben sich geändert. Was jetzt gilt, steht unten.
mail-registration-was = Vorher:
mail-registration-number = Sie sind Nummer { $number } auf der Warteliste.
mail-registration-foot = Ihre Anmeldung, auch wenn Sie nicht kommen:
    { $link }
