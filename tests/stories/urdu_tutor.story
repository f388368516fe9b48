# An Urdu tutoring model of a community, and influence two layers away

> Every sentence below is carried out on a real node, one after the other, and the table at the end is
> what the ledger says.

## The network

An epoch lasts 1 second, and revenue settles one epoch later.
The network keeps 1 % of all revenue.
Whoever opens a dispute puts up 5 USD.
One of the arbiters decide together.
Grace is an admin.
Hina is a steward.
Tomas is a treasurer.
Yusuf is an arbiter.
Schools is a reporter.

## A community makes a tutor

> Teachers correct answers, students say what they did not understand, developers teach the model to
> reason in steps. Hina's community gathers the corrections and reports in a pool.

Hina sponsors Omar, Saima, Zara, Bilal, Imran, Farah, Meher and Noor.
Saima publishes the dataset “Worked solutions in Urdu”.
Omar publishes the model “Tutor base”.
Zara publishes the correction “Zara's corrections of fractions”.
Bilal publishes the correction “Bilal's corrections of grammar”.
Imran publishes the feedback “Imran's report: the words are too hard”.
Farah publishes the code “Reasoning in steps”.
Meher gathers “Zara's corrections of fractions” (weight 2), “Bilal's corrections of grammar” and
“Imran's report: the words are too hard” in the pool “Corrections of the community”.
Farah (50 %) and Meher (50 %) publish the model “Urdu Tutor”, fine-tuned from “Tutor base” (weight 3), trained on
“Corrections of the community” (weight 3), using the code “Reasoning in steps” (weight 2), and passes 80 % on.
Noor publishes the agent “School app”, fine-tuned from “Urdu Tutor”, and passes 50 % on.

## The first term

Schools reports 10,000 USD earned with “School app”.
Schools reports 10 USD earned with “Worked solutions in Urdu”.
The earnings settle.
Zara has earned 742.5 USD so far.
Omar has earned 1,485 USD so far.

## Influence two layers away

> Saima recognises her worked solutions in the answers of the app. She has nothing to do with the app, nor
> with the tutor it is built on: it is the base, two layers below, that was trained on them and does not
> say so. From now on what she claims of the base's part is held; everybody else is paid as before.

Saima disputes what is missing in “Tutor base”: “Worked solutions in Urdu” gets 40 %, its makers keep 60 %.
Schools reports 20,000 USD earned with “School app”.
The earnings settle.
1,188 USD are held meanwhile.
Zara has earned 2,227.5 USD so far.
Omar answers the claim.

## Both parties settle

> Neither waits for the arbiter: they agree on a quarter. Both must sign, for what Omar keeps falls and
> Saima claimed more.

Without the others Saima cannot settle for “Worked solutions in Urdu” gets 40 %, its makers keep 60 % (rule 427).
Omar and Saima agree: “Worked solutions in Urdu” gets 25 %, its makers keep 75 %.
The dispute is over.
Saima has earned 752.4 USD so far.

## The next term follows the settlement by itself

> Nobody has to touch the tutor or the app: what the base earns through them is shared as agreed.

Schools reports 40,000 USD earned with “School app”.
The earnings settle.
Tomas confirms that Schools has paid in 70,010 USD.
Saima asks for 2,000 USD, and Tomas pays them out.
Zara asks for 3,400 USD, and Tomas pays them out.
Nobody has voted on anything.

## Who was paid what, and why

| who         | USD earned | paid out so far | why                                                                            |
|-------------|-----------:|----------------:|--------------------------------------------------------------------------------|
| Noor        |  34,650.00 |                 | 34,650.00 for School app                                                       |
| Farah       |  10,395.00 |                 | 6,930.00 for Reasoning in steps; 3,465.00 for Urdu Tutor                       |
| Omar        |   8,167.50 |                 | 8,167.50 for Tutor base (445.50 held until the dispute was over)               |
| Zara        |   5,197.50 |        3,400.00 | 5,197.50 for Zara's corrections of fractions                                   |
| Meher       |   3,465.00 |                 | 3,465.00 for Urdu Tutor                                                        |
| Bilal       |   2,598.75 |                 | 2,598.75 for Bilal's corrections of grammar                                    |
| Imran       |   2,598.75 |                 | 2,598.75 for Imran's report: the words are too hard                            |
| Saima       |   2,237.40 |        2,000.00 | 2,237.40 for Worked solutions in Urdu (742.50 held until the dispute was over) |
| the network |     700.10 |                 | its fee                                                                        |
| in all      |  70,010.00 |                 | all that was reported                                                          |
