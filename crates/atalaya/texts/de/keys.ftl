## Unsere OpenPGP-Schlüssel
keys-title = Unsere OpenPGP-Schlüssel
keys-lead = Mit diesen Schlüsseln können Sie uns so schreiben, dass unterwegs niemand mitliest, und prüfen, ob eine Mail von uns ist.
keys-mail = Für Mail
keys-held = liegt beim Server
keys-held-text = Unser Server hat diesen Schlüssel: Er öffnet Mail, wenn sie ankommt, und unterschreibt, was wir senden. Der Schlüssel schützt Ihre Mail unterwegs. Er schützt sie nicht vor jemandem, der unseren Server übernommen hat.
keys-team = Der Schlüssel des Teams
keys-team-text = Er unterschreibt die Liste derer, die versiegelte Meldungen lesen, und nichts anderes. Er liegt bei Menschen, nicht auf dem Server. Verschlüsseln Sie keine Mail an ihn.
keys-name = Schlüssel von
keys-fingerprint = Fingerabdruck
keys-until = Gültig bis
keys-download = Schlüssel herunterladen
keys-by-program = Mailprogramme finden ihn über unsere Adresse. Mit gpg:
keys-verify = Ist er wirklich von uns?
keys-verify-text = Wer diese Seite ändert, könnte auch den Schlüssel ändern. Vergleichen Sie den Fingerabdruck mit einem, den Sie auf anderem Weg bekommen haben: auf Papier, am Telefon oder von jemandem, der uns kennt. Ihr Programm zeigt den Fingerabdruck der Datei:
keys-none = Wir haben noch keinen OpenPGP-Schlüssel.
keys-link = OpenPGP-Schlüssel
