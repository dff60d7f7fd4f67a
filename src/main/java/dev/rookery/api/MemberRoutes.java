package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.MemberId;
import dev.rookery.kernel.Refusal;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.orgs.Member;
import dev.rookery.orgs.MemberEdit;
import dev.rookery.orgs.Members;
import dev.rookery.orgs.Role;

/** The people of the organization. Nobody makes anybody more than he is himself. */
final class MemberRoutes {
  private static final String MEMBER = "/api/v1/members/{id}";
  private static final String[] ROLES = {"owner", "admin", "operator", "viewer"};
  private static final Shape NEW_MEMBER =
      Shape.of(
          "NewMember",
          required("name", TEXT, "1 to 200 characters"),
          required("email", TEXT, "unique in the organization"),
          required("role", TEXT, "what they may do; each role includes those after it")
              .oneOf(ROLES));
  private static final Shape EDIT =
      Shape.of(
          "MemberEdit",
          optional("name", TEXT, "1 to 200 characters"),
          optional("role", TEXT, "their keys may do no more from then on").oneOf(ROLES));

  private final Members members;
  private final ApiKeys keys;

  MemberRoutes(Rooms rooms) {
    this.members = rooms.ground().members();
    this.keys = rooms.ground().keys();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/members")
        .does("Lists the members")
        .allows(Access.ADMIN)
        .answers(200, "MemberList")
        .by(call -> Reply.all(members.list(call.org()), MemberRoutes::view));
    routes
        .post("/api/v1/members")
        .does("Makes a member, of the caller's role or one below it")
        .allows(Access.ADMIN)
        .takes(NEW_MEMBER)
        .answers(201, "Member")
        .by(this::create);
    routes
        .get(MEMBER)
        .does("Shows a member")
        .allows(Access.ADMIN)
        .answers(200, "Member")
        .by(this::show);
    routes
        .patch(MEMBER)
        .does("Changes the name or the role; the last owner stays one")
        .allows(Access.ADMIN)
        .takes(EDIT)
        .answers(200, "Member")
        .by(this::edit);
    routes
        .delete(MEMBER)
        .does("Removes a member and revokes their API keys; the last owner stays")
        .allows(Access.ADMIN)
        .answers(204, null)
        .by(this::remove);
  }

  private static MemberId id(Call call) {
    return call.id("member", "mem", MemberId::new);
  }

  private Reply create(Call call) {
    Fields body = call.body(NEW_MEMBER);
    Member.Person person = new Member.Person(body.text("name"), body.text("email"));
    Role role = Role.of(body.text("role"));
    return Reply.json(201, view(members.create(call.org(), person, role, call.principal().role())));
  }

  private Reply show(Call call) {
    MemberId id = id(call);
    return Reply.ok(
        view(
            members
                .find(call.org(), id)
                .orElseThrow(() -> Refusal.notFound("member", id.value()))));
  }

  private Reply edit(Call call) {
    MemberId id = id(call);
    Fields body = call.body(EDIT);
    String role = body.textOrNull("role");
    MemberEdit edit = new MemberEdit(body.textOrNull("name"), role == null ? null : Role.of(role));
    return Reply.ok(view(members.edit(call.org(), id, edit, call.principal().role())));
  }

  private Reply remove(Call call) {
    members.remove(call.org(), id(call), call.principal().role(), keys);
    return Reply.nothing();
  }

  private static ObjectNode view(Member member) {
    return Json.object()
        .put("id", member.id().value())
        .put("name", member.name())
        .put("email", member.email())
        .put("role", member.role().spelled())
        .put("created_at", Times.of(member.createdAt()));
  }
}
