## Ho ingolisetsa se khalendareng
registration-form = Ingolise
registration-until = Ngoliso e koaloa { $when }.
registration-left = { $count ->
    [one] Ho setse sebaka se le seng.
   *[other] Ho setse libaka tse { $count }.
 }
registration-no-limit = Ho na le sebaka bakeng sa bohle ba ingolisang.
registration-full = Libaka tsohle li nkuoe. Ea ingolisang joale o kena lethathamong la ba emetseng.
registration-waits = { $count ->
    [one] Motho a le mong o emetse.
   *[other] Batho ba { $count } ba emetse.
 }
registration-closed = Ngoliso e koetsoe.
registration-begun = E se e qalile.
registration-over = E fetile.
registration-name = Lebitso la hau
registration-address = Aterese ea hau ea imeile
registration-address-hint = Re u romella imeile e nang le link. Sebaka sa hau se baloa ha u tobetsa konopo leqepheng leo.
registration-organisation = Mokhatlo
registration-remark = Seo re lokelang ho se tseba
registration-go = Nkngoliseng
registration-wait = Kena lethathamong la ba emetseng
registration-kept = Ke sehlopha feela se bonang sena. Se hlakoloa matsatsi a { $days } ka mor'a ketsahalo.
registration-asked-text = Re u rometse imeile e nang le link. E bule 'me u tobetse konopo: ngoliso ea hau e baloa ho tloha moo.
registration-yours = Ho ingolisa ha hau
registration-is-asked = Ha e e-so netefatsoe
registration-is-coming = U na le sebaka.
registration-is-waiting = U nomoro ea { $number } lethathamong la ba emetseng.
registration-is-cancelled = Ha ua ngolisoa.
registration-confirm = E, nkngoliseng
registration-again = Ingolise hape
registration-cancel = Ha ke tle
error-said-registration-name = Ngola lebitso la hau moleng o le mong, ka litlhaku tse sa feteng 120.
error-said-registration-organisation = Ngola mokhatlo moleng o le mong, ka litlhaku tse sa feteng 300.
error-said-registration-remark = Ngola tlhaloso moleng o le mong, ka litlhaku tse sa feteng 300.
error-said-registration-closed = Ngoliso e koetsoe.
error-said-registration-begun = E se e qalile; ha ho letho le ka fetoloang mona.
mail-registration-ask-subject = Ka kopo, netefatsa: { $title }
mail-registration-ask-text = Motho e mong, re tšepa hore ke uena, o ngolisitse aterese ena ho { $team } bakeng sa:
mail-registration-how = Haeba u batla ho tla, bula leqephe lena 'me u tobetse konopo ea lona. Ngoliso e koaloa { $until }.
    { $link }

    Haeba ho se joalo, se ke ua etsa letho: ha re sa tla ngola.
mail-registration-coming-subject = U na le sebaka: { $title }
mail-registration-coming-text = U na le sebaka.
mail-registration-waiting-subject = Lethathamo la ba emetseng: { $title }
mail-registration-waiting-text = Libaka tsohle li nkuoe. Re tla u ngolla hang ha sebaka se buleha.
mail-registration-moved-up-subject = Sebaka se bulehile: { $title }
mail-registration-moved-up-text = Sebaka se bulehile, 'me ke sa hau.
mail-registration-again-subject = U se u ngolisitsoe: { $title }
mail-registration-again-text = Motho e mong, mohlomong ke uena, o ngolisitse aterese ena hape. Ha ho letho le fetohileng.
mail-registration-cancelled-subject = Ha u sa ngolisitsoe: { $title }
mail-registration-cancelled-text = Ha u sa ngolisitsoe bakeng sa:
mail-registration-removed-subject = Ha u sa ngolisitsoe: { $title }
mail-registration-removed-text = Re u tlositse lethathamong la:
mail-registration-off-subject = Ha e sa etsahala: { $title }
mail-registration-off-text = Sena ha se sa etsahala:
mail-registration-on-subject = E tla etsahala leha ho le joalo: { $title }
mail-registration-on-text = Sena se tla etsahala leha ho le joalo:
mail-registration-changed-subject = Phetoho: { $title }
mail-registration-changed-text = Nako kapa sebaka li fetohile. Se sebetsang joale se ka tlase.
mail-registration-was = Pele:
mail-registration-number = U nomoro ea { $number } lethathamong la ba emetseng.
mail-registration-foot = Ho ingolisa ha hau, le haeba u sa tle:
    { $link }
