"""Threads, posts with their earlier wordings, who is called by name, and what each reader has read."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from canut.discussion.limits import LONGEST_TEXT, LONGEST_TITLE
from canut.people.models import Party, Person


class SubjectKind(models.TextChoices):
    """What a thread may be about. The number beside it is the subject's own."""

    PROJECT = "project"
    GUILD = "guild"
    COLLEGE = "college"
    CONVERSATION = "conversation"
    FACILITATED = "facilitated"


FORUMS = (SubjectKind.GUILD, SubjectKind.COLLEGE)
"""Subjects with many threads, each with a title. The others have one thread, which needs none."""


class Thread(models.Model):
    """Posts about one subject, in the order in which they came.

    `posts` is the number that the last post was given; posts are numbered from 1 and none goes, so a page
    of a long thread, and what somebody has read of it, are told by numbers.
    """

    subject_kind = models.CharField(max_length=12, choices=SubjectKind)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE, blank=True, default="")
    started_by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    posts = models.PositiveIntegerField(default=0)
    last_post_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Party, models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="thread_subject_kind_known", condition=Q(subject_kind__in=SubjectKind.values)
            ),
            models.CheckConstraint(name="thread_subject_is_a_number", condition=Q(subject_id__gt=0)),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=~Q(subject_kind__in=FORUMS),
                name="thread_one_a_subject",
            ),
            models.CheckConstraint(
                name="thread_titled_in_forums",
                condition=(Q(subject_kind__in=FORUMS) & ~Q(title=""))
                | (~Q(subject_kind__in=FORUMS) & Q(title="")),
            ),
            models.CheckConstraint(
                name="thread_last_post_has_time",
                condition=Q(posts=0, last_post_at__isnull=True) | Q(posts__gt=0, last_post_at__isnull=False),
            ),
            models.CheckConstraint(
                name="thread_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_at__gte=F("started_at"), closed_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-last_post_at"], name="thread_latest_first"),
            models.Index(fields=["started_by", "-started_at"], name="thread_started_by"),
        ]


class Posts(models.Manager["Post"]):
    """Posts without the words that only a search reads."""

    def get_queryset(self) -> models.QuerySet["Post"]:
        return super().get_queryset().defer("words")


class Post(models.Model):
    """What somebody wrote in a thread, as Markdown.

    Nobody takes a post from another's mouth: its thread, number, author and what it quotes stay. The author
    may put it in other words, and the earlier ones are kept and shown; or take it back, and all its words
    go. `cites_id` is the thing within the subject that the post speaks of: in a project's thread, one of
    its tasks.
    """

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="all_posts", db_index=False)
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    quotes = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, db_index=False)
    cites_id = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # Posts come in either language, and often in both: each word is found by its stem in either.
    words = models.GeneratedField(
        expression=SearchVector("text", config="english") + SearchVector("text", config="french"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = Posts()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="post_numbered_once"),
            models.CheckConstraint(name="post_number_from_one", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="post_says_something",
                condition=(Q(withdrawn_at__isnull=True) & ~Q(text=""))
                | Q(withdrawn_at__isnull=False, withdrawn_at__gte=F("posted_at"), text=""),
            ),
            models.CheckConstraint(
                name="post_text_not_endless", condition=LessThanOrEqual(Length("text"), LONGEST_TEXT)
            ),
            models.CheckConstraint(
                name="post_edited_after_posting",
                condition=Q(edited_at__isnull=True) | Q(edited_at__gte=F("posted_at")),
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="post_words"),
            models.Index(fields=["author", "-posted_at"], name="post_by_author"),
        ]

    @property
    def path(self) -> str:
        """Where it stands on this site."""
        return f"/talk/threads/{self.thread_id}/?post={self.number}#post-{self.number}"


class EarlierWords(models.Model):
    """What a post said from `since` until `until`, when its author put it in other words."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="earlier", db_index=False)
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="earlier_words_were_there", condition=Q(until__gte=F("since"))),
        ]
        indexes = [models.Index(fields=["post", "id"], name="earlier_words_of_post")]


class Mention(models.Model):
    """A post calls somebody else by their screen name. If they may read it is asked when they are told."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="mentions", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    looked_at = models.DateTimeField(null=True, help_text="When it was settled whether to tell them.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="mention_once_a_post")]
        indexes = [models.Index(fields=["person", "-post"], name="mention_of_person")]


class Reader(models.Model):
    """What somebody has read of a thread, and whether they follow it.

    `read_to` and `told_to` are numbers of posts: up to where they read, and up to where a mail told them.
    """

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="readers", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    follows = models.BooleanField(default=False)
    read_to = models.PositiveIntegerField(default=0)
    told_to = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="reader_once_a_thread")]
        indexes = [
            models.Index(fields=["person", "-thread"], condition=Q(follows=True), name="reader_follows")
        ]
