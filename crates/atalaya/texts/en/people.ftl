## Logging in
problem-title = There is a problem
login-title = Log in
login-name = Log-in name
login-password = Password
login-button = Log in
login-help = You do not need to log in to report an incident or to follow your report. Forgotten your password, or lost your phone? The team can reset your log-in.
login-wrong = Log-in name or password is wrong. Check both and try again.
login-too-many = Too many tries. Wait a quarter of an hour and try again. On a browser on which you have logged in before, you can go on.
login-again = Log in as somebody else
logged-out = You are logged out.
code-title = One more step
code-label = The code from your authenticator app
code-hint = Six digits. If you do not have your phone, type one of your recovery codes.
code-button = Continue
code-wrong = This code is not right, or it was used before. Wait for the next one and type it.
enrol-title = Set up a code from your phone
enrol-why = A password can be stolen without anybody noticing. So this team asks for two things when you log in: your password, and a code of six digits that only your phone can make. You set this up once, now; from the next log-in on we ask for the code.
enrol-app = Open an authenticator app on your phone. If you have none, install one: any app for time-based codes will do.
enrol-scan = Add an account and scan this picture.
enrol-qr = QR code for the authenticator app
enrol-typed = If you cannot scan it, type this key into the app:
enrol-code = Type the six digits that the app shows now
enrol-button = Set up
enrol-wrong = These digits are not right. Check that the clock of your phone is right, and type the digits that it shows now.
recovery-title = Your recovery codes
recovery-why = If you lose your phone, each of these codes lets you in once. Print them or write them down, and keep them apart from your computer. We show them only now.
recovery-go-on = I have kept them: continue
recovery-print = Print

## One's own log-in
account-title = Your log-in
account-you = About you
account-name = Your name
account-language = Language
account-save = Save
account-saved = Saved.
account-cancel = Cancel
account-password = Password
account-password-hint = At least 12 letters. Four or five unusual words make a good password. Changing it logs you out everywhere else.
account-old = Your current password
account-new = New password
account-again = New password once more
account-password-button = Change the password
account-password-changed = Your password is changed, and you are logged out everywhere else.
account-factor = Second factor
account-factor-on = Set up
account-factor-off = Logging in takes only your password. With a second factor, a stolen password is of no use to anybody.
account-factor-set = Set up a second factor
account-factor-anew = Set it up on another phone
account-factor-remove = Remove the second factor
account-factor-removed = The second factor is removed.
account-codes-left = { $count ->
    [0] No recovery code is left.
    [one] One recovery code is left.
   *[other] { $count } recovery codes are left.
 }
account-codes-button = Make new recovery codes
account-sessions = Where you are logged in
account-session-times = since { $since }, last seen { $seen }
account-some-browser = A browser that does not say its name
account-this = this one
account-end = Log out there
account-end-others = Log out everywhere else
account-sessions-ended = Logged out there.
account-error-old = This is not your current password
account-error-name = Write your name, up to 200 letters
account-error-language = Choose one of the languages
account-error-again = The two new passwords are not the same
account-error-easy = This password is easy to guess; four or five unusual words make a good one
account-error-length = A password has { $least } to { $most } letters; four or five unusual words make a good one
account-browser = { $browser } on { $system }
