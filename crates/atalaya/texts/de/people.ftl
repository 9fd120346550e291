## Anmelden
problem-title = Etwas passt noch nicht
login-title = Anmelden
login-name = Anmeldename
login-password = Passwort
login-button = Anmelden
login-help = Um einen Vorfall zu melden oder Ihre Meldung zu verfolgen, müssen Sie sich nicht anmelden. Passwort vergessen oder Telefon verloren? Das Team kann Ihren Zugang zurücksetzen.
login-wrong = Anmeldename oder Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal.
login-too-many = Zu viele Versuche. Warten Sie eine Viertelstunde und versuchen Sie es noch einmal. In einem Browser, in dem Sie sich schon einmal angemeldet haben, können Sie weitermachen.
login-again = Mit einem anderen Namen anmelden
logged-out = Sie sind abgemeldet.
code-title = Noch ein Schritt
code-label = Der Code aus Ihrer Authenticator-App
code-hint = Sechs Ziffern. Wenn Sie Ihr Telefon nicht haben, geben Sie einen Ihrer Wiederherstellungscodes ein.
code-button = Weiter
code-wrong = Dieser Code stimmt nicht, oder er wurde schon benutzt. Warten Sie auf den nächsten und geben Sie ihn ein.
enrol-title = Richten Sie einen Code von Ihrem Telefon ein
enrol-why = Ein Passwort kann gestohlen werden, ohne dass es jemand merkt. Darum fragt dieses Team beim Anmelden nach zwei Dingen: nach Ihrem Passwort und nach einem Code aus sechs Ziffern, den nur Ihr Telefon machen kann. Das richten Sie einmal ein, jetzt; ab der nächsten Anmeldung fragen wir nach dem Code.
enrol-app = Öffnen Sie auf Ihrem Telefon eine Authenticator-App. Haben Sie keine, so installieren Sie eine: Jede App für zeitabhängige Codes ist recht.
enrol-scan = Fügen Sie ein Konto hinzu und scannen Sie dieses Bild.
enrol-qr = QR-Code für die Authenticator-App
enrol-typed = Wenn Sie es nicht scannen können, geben Sie diesen Schlüssel in die App ein:
enrol-code = Geben Sie die sechs Ziffern ein, die die App jetzt zeigt
enrol-button = Einrichten
enrol-wrong = Diese Ziffern stimmen nicht. Prüfen Sie, ob die Uhr Ihres Telefons richtig geht, und geben Sie die Ziffern ein, die es jetzt zeigt.
recovery-title = Ihre Wiederherstellungscodes
recovery-why = Wenn Sie Ihr Telefon verlieren, lässt jeder dieser Codes Sie einmal hinein. Drucken Sie sie oder schreiben Sie sie auf, und bewahren Sie sie getrennt von Ihrem Rechner auf. Wir zeigen sie nur jetzt.
recovery-go-on = Ich habe sie aufbewahrt: weiter
recovery-print = Drucken

## Der eigene Zugang
account-title = Ihr Zugang
account-you = Über Sie
account-name = Ihr Name
account-language = Sprache
account-save = Speichern
account-saved = Gespeichert.
account-cancel = Abbrechen
account-password = Passwort
account-password-hint = Mindestens 12 Zeichen. Vier oder fünf ungewöhnliche Wörter ergeben ein gutes Passwort. Wenn Sie es ändern, werden Sie überall sonst abgemeldet.
account-old = Ihr jetziges Passwort
account-new = Neues Passwort
account-again = Neues Passwort noch einmal
account-password-button = Passwort ändern
account-password-changed = Ihr Passwort ist geändert, und Sie sind überall sonst abgemeldet.
account-factor = Zweiter Faktor
account-factor-on = Eingerichtet
account-factor-off = Zum Anmelden genügt Ihr Passwort. Mit einem zweiten Faktor nützt ein gestohlenes Passwort niemandem.
account-factor-set = Zweiten Faktor einrichten
account-factor-anew = Auf einem anderen Telefon einrichten
account-factor-remove = Zweiten Faktor entfernen
account-factor-removed = Der zweite Faktor ist entfernt.
account-codes-left = { $count ->
    [0] Kein Wiederherstellungscode ist mehr übrig.
    [one] Ein Wiederherstellungscode ist übrig.
   *[other] { $count } Wiederherstellungscodes sind übrig.
 }
account-codes-button = Neue Wiederherstellungscodes machen
account-sessions = Wo Sie angemeldet sind
account-session-times = seit { $since }, zuletzt gesehen { $seen }
account-some-browser = Ein Browser, der seinen Namen nicht nennt
account-this = dieser hier
account-end = Dort abmelden
account-end-others = Überall sonst abmelden
account-sessions-ended = Dort abgemeldet.
account-error-old = Das ist nicht Ihr jetziges Passwort
account-error-name = Schreiben Sie Ihren Namen, bis zu 200 Zeichen
account-error-language = Wählen Sie eine der Sprachen
account-error-again = Die beiden neuen Passwörter sind nicht gleich
account-error-easy = Dieses Passwort ist leicht zu erraten; vier oder fünf ungewöhnliche Wörter ergeben ein gutes
account-error-length = Ein Passwort hat { $least } bis { $most } Zeichen; vier oder fünf ungewöhnliche Wörter ergeben ein gutes
account-browser = { $browser } auf { $system }
