## Home
home-title = Something wrong? Tell us. We help, and we keep it confidential.
home-anyone = Anyone can report: a citizen, a company, another team. You need no account.
home-or-mail = Or write to
home-sealed = Nobody may know that it was you, or only a few may read it?
home-sealed-onion = With Tor Browser:
home-how = What happens when you report
home-how-1 = You tell us
home-how-1-text = Five minutes, in your own words. Only two questions must be answered.
home-how-2 = You get a number
home-how-2-text = With it you see what we do, and you can talk to us, even without giving your name.
home-how-3 = A person reads it
home-how-3-text = We look into it, bring together those who can solve it, and tell you how it ended.
home-open = Our office is open now
home-closed = Our office is closed now
form-opens = What you send is kept, and a person reads it from { $when } on.
home-opens = We read again from { $when }. You can report at any hour: what you send is kept, and our time to answer begins when we open.
home-who = Who we are
home-for = Whom we are here for
home-confidential = What you tell us stays with us
home-confidential-text = We pass on only what is needed to solve it, only to those who need it, and we write down each time that we do. We advise; we do not give orders.
home-doing = How we are doing
home-doing-kept = In the last 90 days.
home-doing-of = { $share } % of { $count }:
home-doing-target = Our aim is { $target } %. It is an aim, not a guarantee.

## The form: frame
form-place = Report an incident · question { $at } of { $of }
form-back = Back
form-continue = Continue
form-save = Save and go back to the check
form-kept = Your answers are kept for an hour if you leave.
form-forget = Throw away my answers
form-forgotten = Your answers are gone. We kept nothing of them.
form-over = Your answers were kept for an hour, and that is over. Please start again.
form-unknown-title = Your answers are not here
form-unknown-text = This form keeps your answers for an hour in a place that only your browser finds, by one cookie. Your browser sent none: the hour is over, or it keeps no cookies for this site.
form-unknown-typed = What you typed last is still on the page before: go back in your browser and copy it. Then allow cookies for this site and begin again, or write to us by mail.
form-unknown-begin = Begin again
form-optional = (optional)
form-trap = Leave this field empty
form-change = Change

## Errors
form-error-title = There is a problem
form-error-word = Error:
form-error-page = Error: { $title }
form-error-kind = Choose what fits best
form-error-description = Tell us what happened, in a few words
form-error-long = Make this shorter: at most { $limit } characters
form-error-mail = Write the mail address like name@example.org, or leave it empty
form-error-fell = Choose one of the answers, or none
form-error-ongoing = Choose one of the answers, or none
form-error-told = Choose one of the answers, or none
form-error-large = “{ $name }” is larger than { $size }. It was not kept; your other answers are safe.
form-error-many = “{ $name }” was one too many: you can add up to { $most } files. It was not kept; your other answers are safe.

## Question 1
form-title-kind = What happened?
form-lead-kind = Choose what fits best. You can add anything later, and you may leave out your name.
form-kind-impersonation = Somebody pretends to be us or a company we know
form-kind-impersonation-hint = False mail, message, web page or call that asks for passwords or money
form-kind-intrusion = A computer, account or network was broken into
form-kind-intrusion-hint = Or you think so
form-kind-outage = Something stopped working or is flooded
form-kind-outage-hint = An attack that overloads a service, sabotage, an outage
form-kind-data = Data was lost, changed or made public
form-kind-data-hint = By mistake or on purpose
form-kind-weakness = Something is open or weak and could be misused
form-kind-weakness-hint = A weak spot, a device that anybody can reach, a threat
form-kind-other = Something else, or I am not sure
form-kind-other-hint = Tell us in your own words
form-kind-advice = I only have a question
form-kind-advice-hint = Nothing happened, but you would like advice

## Question 2
form-title-tell = Tell us about it
form-title-tell-advice = What would you like to know?
form-lead-tell = Plain words are best. Please write no passwords here.
form-q-description = In your own words: what happened?
form-q-description-advice = Your question
form-q-description-hint = What did you see? What have you done since? Copy and paste what you have.
form-q-description-hint-advice = The more we know about your situation, the better our advice.
form-q-title = A short title
form-q-title-hint = A few words, so that you find it again. For example: False mail from the post office
form-q-pretends = Whom do they pretend to be?
form-q-used = Which web address, mail address or phone number did they use?
form-q-used-hint = One on each line
form-q-fell = Did anybody give them a password, or pay?
form-q-systems = Which computers, accounts or networks?
form-q-systems-hint = Names, addresses or what they are for
form-q-service = Which service does not work?
form-q-ongoing = Is it still going on?
form-q-since = Since when?
form-q-since-hint = For example: 21 November, about 10 in the morning
form-q-data = What kind of data?
form-q-data-hint = For example: customers' addresses, passwords, medical records. Please do not paste the data itself.
form-q-people = How many people does it touch, roughly?
form-q-product = Which product, device or address?
form-q-product-hint = With the version, if you know it
form-q-told = Has the maker or owner been told?
form-a-yes = Yes
form-a-no = No
form-a-unsure = I am not sure

## Question 3
form-title-when = When and where?
form-lead-when = Leave out what you do not know.
form-q-noticed = When did you notice it?
form-q-noticed-hint = For example: 21 November, 10:30, or “some time last week”
form-q-where = Where is it happening?
form-q-where-hint = A place, an organisation, a department
form-q-involved = Which addresses, names or links are part of it?
form-q-involved-hint = IP addresses, domains, links, mail addresses: one on each line. Links may be written harmlessly, like hxxp://example[.]org

## Question 4
form-title-files = Do you have files to show us?
form-lead-files = Pictures of the screen, the mail itself, logs. Up to { $most } files of { $size } each. We keep them sealed and never open them on their own.
form-files-so-far = Files so far
form-remove = Take out
form-choose = Choose files
form-choose-more = Choose more files
form-files-hint = You can choose several at once. You may leave this out.
form-too-big = A file is larger than { $size }. It would not be kept.
form-files-full = You have added as many files as we can take with one report. You can send more later, from the page of your report.
form-add = Add these files

## Question 5
form-title-urgency = How urgent is it?
form-lead-urgency = Tick what is true. It is no problem to tick nothing.
form-q-urgent = It is urgent
form-q-urgent-hint = Somebody is being harmed now, or will be within hours
form-q-help = I need help to deal with it
form-q-help-hint = A person comes back to you about what to do
form-q-wanted = What do you need most?
form-q-wanted-hint = For example: to get the page taken down, or to know whether to switch the computer off

## Question 6
form-title-contact = How can we reach you?
form-lead-contact = You may leave out all of this. Without it we cannot write to you, but you can follow your report and talk to us with the number that you get at the end.
form-q-name = Your name
form-q-mail = Mail address
form-q-mail-hint = We send you a receipt and our answer
form-q-phone = Telephone
form-q-phone-hint = With the country's code, please
form-q-organisation = Organisation
form-q-organisation-hint = If you report for one

## Check and receipt
form-left-out = { $count ->
    [one] One question left out
   *[other] { $count } questions left out
 }
form-check-files = Files
form-check-kind = What it is about
form-check-title = Check your answers
form-check-text = When you send this, { $team } gets it at once and keeps it confidential.
form-anonymous = You gave no mail address and no telephone. We cannot write to you: keep the number and the link that you get next.
form-send = Send the report
form-received-title = We have your report
form-received-number = Your number
form-received-keep = Keep this link
form-received-keep-text = Whoever has it can read our conversation about this report and answer in your name. Do not pass it on.
form-received-hour = This page can be opened again for an hour. After that, only the link leads to your report.
form-received-forget = Forget this receipt on this device
form-received-forgotten = This device no longer knows your receipt. Your report is safe with us; number and secret, or the link, lead to it.
form-follow = Follow your report
form-copy = Copy the link
form-copied = Copied
form-print = Print this page
form-next = What happens next
form-next-1 = Your report is safe
form-next-1-text = A receipt is on its way to your mail address. It is automatic and not our answer.
form-next-1-none = You gave no mail address, so no receipt is sent: this page is your receipt.
form-next-2 = A person reads it
form-next-2-text = As soon as we can.
form-by = That is by { $when }.
form-next-3 = You hear from us
form-next-3-text = By mail, and always on the page of your report.
form-next-3-none = On the page of your report: come back with the number and the link.
form-meanwhile = What you can do meanwhile
