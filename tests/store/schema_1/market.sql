-- What the market of that department has on record.
INSERT INTO "acts" VALUES(1,'message','21','ACoAAEZoebDZZAnp5H3TuldDlhcwpzwZtVVSA','ruben-van-der-meer-119a1e6c','Hi Ruben,

We are planning the talks for InG Summit, which takes place in Berlin on 20 May 2027.

Would you consider giving a talk, with a view from Cometforge? I would be glad to send you the details, and a simple no is fine, too.

Best regards,
Robin Keller','2027-03-01T08:00:00Z',15);
INSERT INTO "acts" VALUES(2,'invitation','2','ACoAAE3wWSQN_ytA3N7wSSiGG5YeIm6vjIMcr','thibault-f-chevalier-137c1649','Hi Thibault, on 20 May 2027 we are holding InG Summit in Berlin. We would like to have Kitemind as a partner. Are you, as Founder & Head of Brand Partnerships, the person to ask? Robin Keller','2027-03-01T08:10:42.149888Z',20);
INSERT INTO "acts" VALUES(3,'message','29','ACoAAA1Xr9LTyz-RwnCybFOxmq7_B7m7c9_W-','rohan-chaudhary-0355ebf4','Hi Rohan,

For InG Summit (Berlin, 20 May 2027) we are looking for practical talks.

Would you consider giving a talk about your work as Founding Engineer & Co-Founder of Fernmind? I would gladly send you a few details.

Kind regards,
Robin Keller','2027-03-01T08:21:59.138346Z',25);
INSERT INTO "acts" VALUES(4,'invitation','27','ACoAABub4kjMROWzUU4UvPZ4fgHUBn-oHHN7H','jorg-vogelsang-06e6f892','Hallo Jörg, der InG Summit (Berlin, 20. Mai 2027) nimmt Gestalt an. Würden Sie als Associate VP Engineering bei Harborgrid dort einen Vortrag halten? Beste Grüße, Robin Keller','2027-03-01T08:34:22.301962Z',30);
INSERT INTO "acts" VALUES(5,'invitation','14','ACoAAHhXKlcBvoufzvRsNDll_BxpWgj9_hwKT','henrik-b-grunewald-1e15ca95','Hi Henrik, I am looking for partners for InG Summit in Berlin on 20 May 2027. As Co-Founder of Zephyrgrid, would you like to see the options for partners? Best regards, Robin Keller','2027-03-01T08:45:01.950311Z',35);
INSERT INTO "acts" VALUES(6,'invitation','11','ACoAAA29dgu0Y8bFvyZhNtBxDqlDm9NMEq1t1','tomasz-zielinska-036f5d82','Hi Tomasz, we are inviting speakers to InG Summit in Berlin on 20 May 2027. Would you be open to talking about your work as Founder & Principal Consultant of Cobalt.io? Best regards, Robin Keller','2027-03-01T08:51:13.638235Z',40);
INSERT INTO "acts" VALUES(7,'invitation','7','ACoAACpF2vnF6OlEsYxR4f0o6cBaSCHQ6YA-P','agnieszka-majewska-0a9176be','Hi Agnieszka, for InG Summit (Berlin, 20 May 2027) we are looking for practical talks. Would a talk be something for you, as Technical Co-Founder at Solstice Labs? Best regards, Robin Keller','2027-03-02T08:00:00Z',102);
INSERT INTO "acts" VALUES(8,'invitation','17','ACoAAGLw3qKonbHQK4QJweK-BVBpITcp8AnkV','elliot-t-beckett-18bc37a8','Hi Elliot, for InG Summit (Berlin, 20 May 2027) we are looking for practical talks. Would a talk be something for you, as Founder & Managing Director of Falcon Labs? Best regards, Robin Keller','2027-03-02T08:11:22.706925Z',107);
INSERT INTO "named_values" VALUES('market.opened','2027-03-01T07:55:00+00:00');
