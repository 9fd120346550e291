sealed-site-offline-text = One file to save and open from your disk; it sends nothing. Our team has signed it:
sealed-site-offline-check = How to check it
sealed-site-kind = What kind of thing is it?
sealed-site-begin = Begin anew
sealed-site-promise = What is protected
sealed-site-nothing = There is nothing here
sealed-site-nothing-text = This address leads nowhere, or this way is not offered.
sealed-site-left-title = You have left
sealed-site-left-text = We asked your browser to forget what it kept of these pages. Close the window now.
sealed-site-keeps = Our server keeps the sealed message, the day it came, its rounded size, the way you chose, and check sums. It keeps no address, no name of your browser, no time of day and no language. The team is told some time later, at no moment that says anything.
sealed-site-not = What we cannot protect: a server that somebody took over could show new visitors another page. The page for working offline and way B do not depend on that. Whoever has your receipt can read our answers.
sealed-site-network = Your own network can see that you visited us. With Tor it sees only that you use Tor.
sealed-site-intake = What is it about?
sealed-site-receipt = Write it down now and keep it where only you can find it. Our server made it for you and does not keep it: we cannot give it to you again. With it you read our answers and write to us; so can anybody else who has it.
sealed-site-compare = It is the check sum of your message in binary. Compare it with yours:
sealed-site-b-title = Encrypted by you
sealed-site-b-keys = Get the keys of our readers, the list that names them, and the key that signed the list:
sealed-site-b-team = The fingerprint of our team's key, to compare with the one on paper or elsewhere:
sealed-site-b-encrypt = Put your words into report.txt and your files, with your own key for our answer if you want one, into the folder files. Then:
sealed-site-b-send = Upload report.pgp here, or paste the message if you made it with --armor.
sealed-site-b-paste = Encrypted message
sealed-site-b-file = Encrypted file
sealed-site-code = Receipt, if you write again
sealed-site-code-hint = Leave it empty for a first report: you get a receipt then.
sealed-site-send = Send
sealed-site-sent = It has arrived, sealed.
sealed-site-c-title = Sealed on our server
sealed-site-c-send = Send, and have the server seal it
sealed-site-most = All files together: { $size } at most.
sealed-site-open-here = Open on the server
sealed-site-return-hint = Without JavaScript our server sees the receipt for a moment. If you sealed your report on your own device, better come back with JavaScript.
sealed-site-warn-a = You sealed this report on your device. By entering the receipt here you let our server see it, and it could read our answers to you for a moment.
sealed-site-unsigned = No reader of the team has signed this answer: do not trust it.
sealed-site-sealed-copy = Save as it was sealed

sealed-answer-yours = This answer is sealed to a key of your own. Save it and open it with your program.
sealed-answer-large = This answer is too large to be opened here. Save it as it was sealed.
sealed-answer-unreadable = This answer could not be opened.

sealed-notice-subject = There is something sealed to read
sealed-notice-text =
    Something sealed came in, was added to, or will be deleted soon. What it is stands only in the console:

    { $link }

sealed-error-title = This did not work
sealed-error-message = This cannot be taken: { $why }.
sealed-error-broken = The line broke off before everything was here. Please send it again.
sealed-error-empty = Upload an encrypted file, or paste an encrypted message.
sealed-error-large = This is larger than we can take. Please send it in several.
sealed-error-busy = There is too much at once. Please try again in a few minutes.
sealed-error-full = Our disk is full. Please try again later, or tell us by another way.
sealed-error-fault = Something went wrong here. Please try again in a while.
sealed-error-readers = It is encrypted, but not to our readers. Encrypt it to the keys on this page.
sealed-error-manifest = It is sealed to an old list of readers. Please load the page again.
sealed-error-no-manifest = We cannot take anything sealed at present: the list of our readers is not valid today. Please use another way to reach us.
sealed-error-sent = This message is here already.
sealed-error-evidence = The team has taken this report over as evidence; it can no longer be deleted here.
sealed-error-shape = What was sent is not in the form that we expect.
sealed-error-part = A part arrived damaged. Please send it again.
sealed-error-parts = Some parts are missing, or of another size than was said.
sealed-error-hash = The check sum of what arrived is another one than was said.
sealed-error-upload = This upload is not here any more. Please begin again.

sealed-error-hard = It could not be read: that took more time or memory than we give to one message. Please encrypt it again with a current program.
sealed-envelope-other = This is not an OpenPGP message.
sealed-envelope-cut = The message was cut off. Please send it again.
sealed-envelope-damaged = The head of the message is damaged.
sealed-envelope-armor = The text of the encrypted message is damaged. Please copy all of it, with its first and last line.
sealed-envelope-many-readers = The message names too many readers.
sealed-envelope-follows = Something follows after the encrypted message. Please send the message alone.
sealed-envelope-password = It is encrypted with a password only, which we do not know. Encrypt it to the keys on this page.
sealed-envelope-unknown-way = It is encrypted in a way that we do not know. Please use a current program.
sealed-envelope-old-way = It is encrypted in an old way that anybody could have changed. Please use a current program.
sealed-envelope-ocb = It is encrypted in a way that only some programs read (OCB). Please encrypt without it.
sealed-envelope-signed = It is signed, but not encrypted.
sealed-envelope-clear = It is not encrypted.
sealed-envelope-key = This is a key, not a message.
