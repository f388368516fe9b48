# A health model, and researchers of three regions who made it better

> Every sentence below is carried out on a real node, one after the other, and the table at the end is
> what the ledger says. An epoch stands for a year.

## The network

An epoch lasts 1 second, and revenue settles one epoch later.
The network keeps 2 % of all revenue.
Corrections count once an author of what they correct has countersigned them.
Grace is an admin.
Ngozi and Paulo are stewards.
Tomas is a treasurer.
Clinics is a reporter.

## Three regions, one assistant

> A laboratory has a general model. Amina's hospital in Nairobi has chest films that show what
> tuberculosis looks like there; Diego in Cusco writes down how patients call their complaints.

Ngozi sponsors Lena, Amina, Diego and Priya.
Lena publishes the model “MedBase”.
Amina publishes the dataset “Chest films of Nairobi”.
Diego publishes the translation “Complaints in Quechua and Spanish”.
Lena publishes the model “Clinic Assistant 1”, fine-tuned from “MedBase” (weight 2), trained on
“Chest films of Nairobi” (weight 5) and “Complaints in Quechua and Spanish” (weight 3), and passes 40 % on.
Paulo attests that the lineage of “Clinic Assistant 1” is complete.

## The first year

Clinics reports 100,000 USD earned with “Clinic Assistant 1”.
The earnings settle.
Amina has earned 19,600 USD so far.
Diego has earned 11,760 USD so far.

## A bias is found

> Priya in Chennai shows that the assistant misses rashes on darker skin. Her report counts once Lena
> has countersigned it, and Lena builds the next version on it and on Priya's photographs.

Priya publishes the bias report “Rashes on darker skin are missed”, informed by “Clinic Assistant 1”.
Priya publishes the dataset “Skin photographs of Chennai”.
Priya publishes the correction “What to look for instead”, corrected by “Clinic Assistant 1”.
Lena countersigns “What to look for instead” for “Clinic Assistant 1”.
Lena publishes the model “Clinic Assistant 2”, fine-tuned from “Clinic Assistant 1” (weight 5), trained on
“Skin photographs of Chennai” (weight 3), informed by “Rashes on darker skin are missed” (weight 1), corrected by
“What to look for instead” (weight 1), and passes 50 % on.

## Years go by, and both versions are in use

> Nobody has to claim anything: what the second version earns reaches Amina and Diego through the first.

Clinics reports 200,000 USD earned with “Clinic Assistant 2”.
Clinics reports 10,000 USD earned with “Clinic Assistant 1”.
The earnings settle.
Clinics reports 400,000 USD earned with “Clinic Assistant 2”.
The earnings settle.

## The money arrives, and is paid out

Tomas confirms that Clinics has paid in 710,000 USD.
Amina asks for 50,000 USD, and Tomas pays them out.
Diego asks for 25,000.50 USD, and Tomas pays them out.
Priya asks for 147,000 USD, and Tomas pays them out.
Nobody has voted on anything.

## Who was paid what, and why

| who         | USD earned | paid out so far | why                                                                                                                               |
|-------------|-----------:|----------------:|-----------------------------------------------------------------------------------------------------------------------------------|
| Lena        | 467,264.00 |                 | 294,000.00 for Clinic Assistant 2; 152,880.00 for Clinic Assistant 1; 20,384.00 for MedBase                                       |
| Priya       | 147,000.00 |      147,000.00 | 88,200.00 for Skin photographs of Chennai; 29,400.00 for Rashes on darker skin are missed; 29,400.00 for What to look for instead |
| Amina       |  50,960.00 |       50,000.00 | 50,960.00 for Chest films of Nairobi                                                                                              |
| Diego       |  30,576.00 |       25,000.50 | 30,576.00 for Complaints in Quechua and Spanish                                                                                   |
| the network |  14,200.00 |                 | its fee                                                                                                                           |
| in all      | 710,000.00 |                 | all that was reported                                                                                                             |
