"""The constitution that a new site starts with, in both languages, for its members to ratify or change.

It says in words what the software keeps. A name in braces is a parameter of the charter, of which pages show
the value in force. Lines are joined; a blank line begins a paragraph.
"""

import re
from dataclasses import dataclass

from canut.charter.constitution.rules import Wording


@dataclass(frozen=True, slots=True)
class DefaultArticle:
    """One article as the software brings it; its number is its place in `DEFAULT`, from 1."""

    key: str
    wording: Wording


_BREAKS = re.compile(r"[ \n]+")  # and not the narrow space of French, which stays with its sign


def _article(key: str, title_en: str, title_fr: str, text_en: str, text_fr: str) -> DefaultArticle:
    return DefaultArticle(key, Wording(title_en, title_fr, _paragraphs(text_en), _paragraphs(text_fr)))


def _paragraphs(text: str) -> str:
    return "\n\n".join(_BREAKS.sub(" ", paragraph).strip(" ") for paragraph in text.split("\n\n"))


DEFAULT: tuple[DefaultArticle, ...] = (
    _article(
        "purpose",
        "What we promise each other",
        "Ce que nous nous promettons",
        """
        Workers and requesters share this site and decide its rules together. The software obeys the rules
        that they adopt.

        No task is given out more often than was paid for. No money appears or disappears. No rule changes
        but by the members' decision.
        """,
        """
        Celles et ceux qui travaillent et les commanditaires partagent ce site et décident ensemble de ses
        règles. Le logiciel obéit aux règles qu’ils adoptent.

        Aucune tâche n’est confiée plus de fois qu’elle n’a été payée. Aucun argent n’apparaît ni ne
        disparaît. Aucune règle ne change autrement que par une décision des membres.
        """,
    ),
    _article(
        "members",
        "Who is a member",
        "Qui est membre",
        """
        Anybody may work here or publish work. Members are those who were admitted, in one of three ways: a
        member invited them; members vouched for them (needed: {membership.vouchers}); or the operator has
        checked who they are, and keeps no copy of their papers.

        Only members vote, support ideas, sit on juries or boards and move that an algorithm be stopped. All
        members can read where they stand, and why. Leaving takes one step, at any time.
        """,
        """
        Toute personne peut travailler ici ou publier du travail. Sont membres les personnes admises, de
        l’une de ces trois façons : un membre les a invitées ; des membres se sont portés garants (il en
        faut : {membership.vouchers}) ; ou le responsable du site a vérifié leur identité, sans garder copie
        de leurs papiers.

        Seuls les membres votent, soutiennent des idées, siègent dans les jurys et les conseils et demandent
        l’arrêt d’un algorithme. Chaque membre peut lire où il en est, et pourquoi. On quitte en une étape,
        à tout moment.
        """,
    ),
    _article(
        "colleges",
        "Three colleges",
        "Trois collèges",
        """
        Members belong to the college of workers or to that of requesters if at least {college.least_share}
        of their active days of the last {college.window_days} were days of working, or of requesting; who
        has done both chooses. The team that operates the site is the third college, and belongs to no
        other.

        Active is who has at least this much activity: {activity.least_days} out of the last
        {activity.window_days}; for requesters, out of the last {activity.requester_window_days}.
        """,
        """
        Un membre appartient au collège de celles et ceux qui travaillent, ou à celui des commanditaires, si
        une part d’au moins {college.least_share} de ses jours d’activité sur la période écoulée
        ({college.window_days}) y a été consacrée ; qui a fait les deux choisit. L’équipe qui fait
        fonctionner le site forme le troisième collège et n’appartient à aucun autre.

        Un membre est actif à partir de cette activité : {activity.least_days} sur une période de
        {activity.window_days} ; pour les commanditaires, sur une période de
        {activity.requester_window_days}.
        """,
    ),
    _article(
        "pay",
        "Pay that is never under the floor",
        "Une rémunération jamais sous le plancher",
        """
        An hour of active work pays at least the floor: {pay.floor_hourly_minor}. Work that is offered for
        less is not published. Where a task typically took longer than was thought, the difference is added
        to the pay of everybody whose work was approved, from money that was set aside before.

        Trying a task out, rework and reviewing are work, and paid as work. A law may raise the floor; no
        decision counts that would lower it under the law.
        """,
        """
        Une heure de travail actif rapporte au moins le plancher : {pay.floor_hourly_minor}. Un travail
        proposé pour moins n’est pas publié. Quand une tâche a pris d’ordinaire plus de temps que prévu, la
        différence s’ajoute à la rémunération de toutes les personnes dont le travail est approuvé, sur de
        l’argent mis de côté d’avance.

        Essayer une tâche, la reprendre et évaluer sont du travail, payé comme tel. Une loi peut relever le
        plancher ; aucune décision ne vaut qui le mettrait sous la loi.
        """,
    ),
    _article(
        "money",
        "Money is there before the work is",
        "L’argent est là avant le travail",
        """
        The pay for a task is set aside before anybody is shown the task. What was approved is the worker's,
        and can be withdrawn at the latest {deciding.payable_days} after it was handed in, whatever the
        requester does.

        On top of pay, and never out of it, requesters pay {fee.service_share} for running the site and
        levies for what is held in common: guarantee {levy.guarantee_share}, training {levy.training_share},
        guilds {levy.guild_share}, justice {levy.justice_share}. Each fund keeps books of its own.
        """,
        """
        La rémunération d’une tâche est mise de côté avant que quiconque voie la tâche. Ce qui est approuvé
        appartient à la personne qui l’a fait et peut être retiré au plus tard {deciding.payable_days} après
        la remise, quoi que fasse le commanditaire.

        En plus de la rémunération, et jamais sur elle, les commanditaires paient {fee.service_share} pour
        le fonctionnement du site et des cotisations pour ce qui est commun : garantie
        {levy.guarantee_share}, formation {levy.training_share}, guildes {levy.guild_share}, justice
        {levy.justice_share}. Chaque fonds a ses propres comptes.
        """,
    ),
    _article(
        "deciding",
        "How work is decided on",
        "Comment on se prononce sur un travail",
        """
        Work on which nothing is decided for {deciding.silence_hours} is approved by itself. It may be
        returned once, with what to change. It is rejected by a named person only, with a ground, evidence
        and a reason; a program approves, and never rejects.

        The money of rejected work stays where it is for {deciding.rejection_hold_days}, and as long as an
        appeal runs. Somebody other than the one who rejected hears the appeal. Giving a task back, skipping
        one or being away never counts against anybody.
        """,
        """
        Un travail sur lequel personne ne se prononce est approuvé d’office au bout d’un délai de
        {deciding.silence_hours}. Il peut être renvoyé une fois pour reprise, avec ce qu’il faut changer.
        Seule une personne nommée peut le refuser, avec un motif, une preuve et une explication ; un
        programme approuve, il ne refuse jamais.

        L’argent d’un travail refusé reste en place pendant {deciding.rejection_hold_days}, et aussi
        longtemps que dure un recours. Une autre personne que celle qui a refusé examine le recours. Laisser
        une tâche, en passer une ou s’absenter ne compte jamais contre personne.
        """,
    ),
    _article(
        "prototypes",
        "Tasks are tried out first",
        "Les tâches sont d’abord essayées",
        """
        A new or changed task that is to be done often (from {prototype.least_places} on) is first done by a
        few workers, for full pay and without any risk of rejection. They say how long it took and what is
        unclear, and vote. The rest may be published when at least {prototype.publish_share} of them would
        publish it.
        """,
        """
        Une tâche nouvelle ou modifiée qui doit être faite souvent (à partir de {prototype.least_places})
        est d’abord faite par quelques personnes, à plein tarif et sans risque de refus. Elles disent
        combien de temps elle a pris et ce qui n’est pas clair, puis votent. La suite peut être publiée
        quand une part d’au moins {prototype.publish_share} la publierait.
        """,
    ),
    _article(
        "ratings",
        "Ratings come back to those who give them",
        "Les notes reviennent à qui les donne",
        """
        Ratings are a choice about one's own future: workers see first what requesters whom they rated well
        publish, and requesters' work opens first to those whom they rated well, then step by step to
        everybody. A share of the places, {newcomers.place_share}, opens early to people whom nobody has
        rated.

        Nobody is shown who gave them which rating. Everybody can read why they could, or could not, take a
        task, and why their tasks stand in the order that they stand in.
        """,
        """
        Noter, c’est choisir pour soi : les personnes qui travaillent voient d’abord ce que publient les
        commanditaires qu’elles ont bien notés, et le travail s’ouvre d’abord à celles que le commanditaire
        a bien notées, puis palier par palier à tout le monde. Une part des places, {newcomers.place_share},
        s’ouvre tôt aux personnes que nul n’a encore notées.

        Nul n’apprend qui lui a donné quelle note. Chaque personne peut lire pourquoi elle a pu, ou n’a pas
        pu, prendre une tâche, et pourquoi les tâches lui sont montrées dans cet ordre.
        """,
    ),
    _article(
        "guilds",
        "Guilds vouch for the craft",
        "Les guildes répondent du métier",
        """
        Workers of one craft may form a guild. Of every {guild.draw_items} one is drawn by lot and judged by
        peers; the draw can be checked by anybody afterwards. Author and reviewer do not learn of each
        other. What peers judge moves a member's level. A level is the member's own, and can be proved
        elsewhere.
        """,
        """
        Les personnes d’un même métier peuvent former une guilde. Sur chaque lot de {guild.draw_items}, une
        est tirée au sort et jugée par des pairs ; chacun peut ensuite vérifier le tirage. Auteur et
        évaluateur ignorent qui est l’autre. Le jugement des pairs fait évoluer le niveau. Ce niveau
        appartient au membre, qui peut le prouver ailleurs.
        """,
    ),
    _article(
        "refusing-together",
        "Refusing work together",
        "Décliner un travail ensemble",
        """
        A worker who has looked at a project may refuse it as underpaid, unsafe or unclear, or for a reason
        of their own. When {refusal.opened_share} of those who looked have refused, and no fewer than
        {refusal.least_workers}, it is withdrawn, and the reasons are told. What was begun is paid. The
        requester may appeal within {refusal.appeal_days}.
        """,
        """
        Qui a regardé un projet peut le décliner comme mal payé, dangereux ou peu clair, ou pour une autre
        raison. Quand une part de {refusal.opened_share} de celles et ceux qui l’ont regardé l’a décliné, et
        au moins {refusal.least_workers}, il est retiré et les raisons sont dites. Ce qui était commencé est
        payé. Le commanditaire a {refusal.appeal_days} pour former un recours.
        """,
    ),
    _article(
        "proposals",
        "How an idea becomes a rule",
        "Comment une idée devient une règle",
        """
        Any member may put an idea forward. Nobody sees whose it is until enough members support it:
        {governance.support_share} of the active members, and no fewer than
        {governance.support_least_members}. Then it is a draft, amended in public, and everybody may agree,
        abstain, disagree or block with a reason. The team has {governance.feasibility_days} to say that it
        cannot be done, in writing and with help; silence means that it can.

        A change of a number is shown beforehand on what has really happened here: what workers, requesters
        and funds would have had under it. Without this no vote on it opens. No change is larger than the
        charter allows for one decision, and none goes beyond its limits.
        """,
        """
        Tout membre peut avancer une idée. On ne voit pas de qui elle vient tant que les soutiens ne
        suffisent pas : une part de {governance.support_share} des membres actifs, et au moins
        {governance.support_least_members}. Elle devient alors un projet de texte, amendé en public, où
        chaque membre peut approuver, s’abstenir, désapprouver ou bloquer avec une explication. L’équipe
        dispose de {governance.feasibility_days} pour dire que c’est infaisable, par écrit et en proposant
        son aide ; son silence veut dire que c’est faisable.

        Un changement de nombre est d’abord montré sur ce qui s’est réellement passé ici : ce que les
        personnes qui travaillent, les commanditaires et les fonds auraient eu. Sans cela, aucun vote ne
        s’ouvre à son sujet. Aucun changement n’est plus grand que ce que la charte permet en une décision,
        et aucun ne sort de ses bornes.
        """,
    ),
    _article(
        "votes",
        "How we vote",
        "Comment nous votons",
        """
        A vote is open for {governance.vote_days}. Who may vote is settled when it opens: the active members
        with a college. It is adopted when there are more votes for than against among workers and among
        requesters as well; abstentions are left out, and a tie does not adopt. A college with too few
        active members (needed: {governance.college_least_members}) is not asked. A change about pay needs
        that {governance.quorum_pay_share} of each college vote. A constitutional one needs
        {governance.quorum_constitutional_share}, and this many votes for each one against:
        {governance.constitutional_yes_per_no}.

        Ballots are secret and can be changed until the end. Each voter has a receipt, by which they find
        their ballot in the published list; everybody can count that list again. A college with few ballots
        (under {ballot.detail_least_votes}) publishes its outcome alone.
        """,
        """
        Un vote reste ouvert {governance.vote_days}. Qui peut voter est fixé à l’ouverture : les membres
        actifs qui ont un collège. Il est adopté quand les voix pour l’emportent sur les voix contre parmi
        celles et ceux qui travaillent comme parmi les commanditaires ; les abstentions ne comptent pas, et
        l’égalité n’adopte pas. Un collège qui a trop peu de membres actifs (il en faut :
        {governance.college_least_members}) n’est pas consulté. Un changement de rémunération demande la
        participation d’une part de {governance.quorum_pay_share} de chaque collège. Un changement
        constitutionnel demande une part de {governance.quorum_constitutional_share}, et pour chaque voix
        contre, tant de voix pour : {governance.constitutional_yes_per_no}.

        Les bulletins sont secrets et peuvent être changés jusqu’à la fin. Chaque votant a un reçu, qui lui
        permet de retrouver son bulletin dans la liste publiée ; tout le monde peut recompter cette liste.
        Un collège qui a peu de bulletins (moins de {ballot.detail_least_votes}) ne publie que son résultat.
        """,
    ),
    _article(
        "execution",
        "What is adopted, executes",
        "Ce qui est adopté s’exécute",
        """
        The software carries out what was adopted, at the date that the decision names. Nobody, the operator
        included, changes a number or a word otherwise. A decision can be undone by another decision only;
        of two that contradict each other the later one holds.

        Every decision stands in a public log to which is only ever added, and which holds no personal
        detail. Anybody may copy it and check, without asking us, that the rules in force follow from it.
        Should the rules ever differ from the log, every page says so within {charter.watch_seconds}.
        """,
        """
        Le logiciel exécute ce qui est adopté, à la date que fixe la décision. Personne, pas même le
        responsable du site, ne change autrement un nombre ou un mot. Seule une autre décision peut défaire
        une décision ; de deux qui se contredisent, la dernière vaut.

        Chaque décision est inscrite dans un journal public auquel on ne fait qu’ajouter, et qui ne contient
        aucun détail personnel. Toute personne peut le copier et vérifier, sans rien nous demander, que les
        règles en vigueur en découlent. Si les règles venaient à différer du journal, chaque page le dirait
        dans un délai de {charter.watch_seconds}.
        """,
    ),
    _article(
        "stopping-an-algorithm",
        "Stopping an algorithm",
        "Arrêter un algorithme",
        """
        The members of one college can stop the order of the feed, early access or the draw of work for
        review at once. Members of that college support the motion as they would an idea, then the college
        votes for {governance.moratorium_vote_days}. If it is adopted, a neutral rule takes over and work
        goes on: tasks in the order in which they were published, open to all whom the project admits, and
        the first piece of each lot reviewed.

        At the same time a vote of all colleges opens on whether it stays so.
        """,
        """
        Les membres d’un seul collège peuvent arrêter aussitôt l’ordre des tâches à prendre, l’accès
        anticipé ou le tirage des travaux à évaluer. Des membres de ce collège soutiennent la demande comme
        une idée, puis le collège vote pendant {governance.moratorium_vote_days}. Si elle est adoptée, une
        règle neutre prend le relais et le travail continue : les tâches dans l’ordre de leur publication,
        ouvertes à toutes les personnes que le projet admet, et la première pièce de chaque lot évaluée.

        Au même moment s’ouvre un vote de tous les collèges pour dire si l’arrêt demeure.
        """,
    ),
    _article(
        "conflicts",
        "Boards, and juries for conflicts about rules",
        "Des conseils, et des jurys pour les conflits de règles",
        """
        Each college may elect a board, by ranking candidates; everybody can count the ballots again. A
        board votes in the open. It can send to a vote what the team has called impossible, and these
        articles to their ratification. It has no other power over rules.

        Where a rule is contested, members are drawn by lot: {jury.resolution_workers} among workers,
        {jury.resolution_requesters} among requesters, {jury.resolution_team_members} of the team. Nobody
        moves on until each says that they were understood. What comes out is a draft on which all vote.
        """,
        """
        Chaque collège peut élire un conseil, en classant les candidatures ; tout le monde peut recompter
        les bulletins. Un conseil vote à découvert. Il peut soumettre au vote ce que l’équipe a jugé
        infaisable, et soumettre ces articles à leur ratification. Il n’a pas d’autre pouvoir sur les règles.

        Quand une règle est contestée, des membres sont tirés au sort : {jury.resolution_workers} parmi
        celles et ceux qui travaillent, {jury.resolution_requesters} parmi les commanditaires,
        {jury.resolution_team_members} de l’équipe. Nul ne passe à la suite tant que chacun n’a pas dit
        avoir été compris. Il en sort un projet de texte, sur lequel tous votent.
        """,
    ),
    _article(
        "this-constitution",
        "How this constitution is ratified and changed",
        "Comment cette constitution est ratifiée et changée",
        """
        The first vote of this site is on these articles. Until it has been held they are what the software
        brought, and no other vote opens; if it fails, any member may put them to the vote again, amended or
        not.

        Afterwards an article is changed, added or repealed by a constitutional vote, and the new words take
        effect at the earliest {governance.article_notice_days} later. All versions stay readable. An
        article is written in English and in French, and both are equally valid.
        """,
        """
        Le premier vote de ce site porte sur ces articles. Tant qu’il n’a pas eu lieu, ils sont ce que le
        logiciel a apporté, et aucun autre vote ne s’ouvre ; s’il échoue, tout membre peut les remettre au
        vote, amendés ou non.

        Ensuite, un article est changé, ajouté ou abrogé par un vote constitutionnel, et les nouveaux mots
        prennent effet au plus tôt {governance.article_notice_days} après. Toutes les versions restent
        lisibles. Un article est écrit en anglais et en français, et les deux textes ont même valeur.
        """,
    ),
)
