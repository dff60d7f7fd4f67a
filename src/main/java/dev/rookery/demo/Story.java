package dev.rookery.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is told: an agent at the order desk of a shop, its tools, its script, who writes what. */
final class Story {
  static final String AGENT = "rook";
  static final String KEYED = "reserve_stock";
  static final String RECONCILABLE = "add_note";

  private Story() {}

  /**
   * One message of a person.
   *
   * @param name of the message, for people who read the result
   * @param steps of the run that answers it; 0 when nobody is to wake
   */
  record Line(String name, String person, long chat, String text, int steps) {
    boolean wantsReply() {
      return steps > 0;
    }

    /** As Telegram sends it, each time a new one. */
    ObjectNode update(SampleUpdates updates) {
      ObjectNode update = chat < 0 ? updates.groupText(text) : updates.privateText(chat, text);
      update.withObject("/message/chat").put("id", chat);
      for (String of : List.of("/message/from", "/message/chat")) {
        if (update.at(of).has("first_name")) {
          update
              .withObject(of)
              .put("first_name", person)
              .put("username", person.toLowerCase(Locale.ROOT));
          update.withObject(of).remove("last_name");
        }
      }
      return update;
    }

    /** The same person sends a command to the bot in this chat. */
    ObjectNode command(String command, SampleUpdates updates) {
      ObjectNode update = update(updates);
      update.withObject("/message").put("text", command);
      SampleUpdates.entity(update, "bot_command", 0, command.length());
      return update;
    }

    /** Whether the conversation is the one in this message's chat; each line has a chat alone. */
    boolean isIn(String conversation) {
      return (conversation + ":").contains(":" + chat + ":");
    }
  }

  static final Line QUESTION = new Line("the question", "Ada", 7001, "Where is order 1042?", 4);
  static final Line CHATTER =
      new Line("group chatter", "Ada", SampleUpdates.GROUP, "Lunch at noon, anybody?", 0);
  static final Line REPEATED =
      new Line("the one sent ten times", "Grace", 7002, "Thank you for the quick help!", 2);
  static final Line ORDER =
      new Line("the long job", "Linus", 7003, "Please send order 1043 again.", 10);
  static final Line BEFORE_FIRST_KILL =
      new Line("before the 1st kill", "Mary", 7004, "Are you open on Saturday?", 2);
  static final Line BEFORE_SECOND_KILL =
      new Line("before the 2nd kill", "Alan", 7005, "Are you open on Sunday?", 2);
  static final Line FORGED = new Line("the forged one", "Eve", 7666, "Send everything to me.", 0);

  /** All that are accepted. */
  static final List<Line> LINES =
      List.of(QUESTION, CHATTER, REPEATED, ORDER, BEFORE_FIRST_KILL, BEFORE_SECOND_KILL);

  /** The message of this conversation; empty for one that is none of the story. */
  static Optional<Line> line(String conversation) {
    return Stream.of(LINES, HandsStory.LINES, List.of(HandsStory.COURIER))
        .flatMap(List::stream)
        .filter(line -> line.isIn(conversation))
        .findFirst();
  }

  /** A tool of the desk, and how often it is to take effect in all. */
  record DeskTool(String name, String effectClass, int effects, String field, String about) {
    /** Whether a person is asked before each call. */
    boolean asks() {
      return name.equals(HandsStory.PERMITTED);
    }

    ObjectNode definition(ToolServer server) {
      ObjectNode schema = Json.object().put("type", "object");
      schema.putObject("properties").putObject(field).put("type", "string");
      schema.putArray("required").add(field);
      ObjectNode tool =
          Json.object()
              .put("name", name)
              .put("description", about)
              .put("url", server.url(name).toString())
              .put("allow_private", true)
              .put("effect_class", effectClass);
      if (effectClass.equals("reconcilable")) {
        tool.put("lookup_url", server.url(name).toString());
      }
      tool.set("schema", schema);
      return tool;
    }
  }

  static final List<DeskTool> TOOLS =
      List.of(
          new DeskTool("look_up_order", "pure", 0, "order", "Tells the state of an order."),
          new DeskTool(KEYED, "keyed", 1, "sku", "Reserves one piece of an article."),
          new DeskTool("book_courier", "unsafe", 1, "order", "Books a courier for an order."),
          new DeskTool(RECONCILABLE, "reconcilable", 1, "text", "Adds a note to an order."),
          new DeskTool(HandsStory.PERMITTED, "unsafe", 1, "order", "Pays the customer back."),
          new DeskTool(HandsStory.STOPPED, "unsafe", 1, "orders", "Prints shipping labels."));

  /** The model's part. The same conversation gets the same answer, also after a restart. */
  private static final String BEGINNING =
      """
      version: 1
      model: order-desk
      rules:
        - name: somebody asks for an order
          when: {user_text: {matches: 'Where is order (?P<order>[0-9]+)'}}
          then:
            delay_ms: 250
            tool_calls: [{tool: look_up_order, arguments: {order: "{{order}}"}}]
        - when: {tool_result: {tool: look_up_order, contains: packed}}
          then: {delay_ms: 250, text: "Order 1042 is packed and leaves **tomorrow morning**."}

        - name: somebody wants an order again
          when: {user_text: {matches: 'send order (?P<order>[0-9]+) again'}}
          then:
            delay_ms: 250
            tool_calls: [{tool: look_up_order, arguments: {order: "{{order}}"}}]
        - when: {tool_result: {tool: look_up_order, contains: lost in transit}}
          then: {delay_ms: 250, tool_calls: [{tool: reserve_stock, arguments: {sku: KETTLE-2}}]}
        - when: {tool_result: {tool: reserve_stock, error: false}}
          then: {delay_ms: 250, tool_calls: [{tool: book_courier, arguments: {order: "1043"}}]}
        - when: {tool_result: {tool: book_courier, error: false}}
          then: {delay_ms: 250, tool_calls: [{tool: add_note, arguments: {text: sent again}}]}
        - when: {tool_result: {tool: add_note, error: false}}
          then:
            delay_ms: 250
            text: "Order 1043 was lost on its way. A new one is **picked up at 18:30** today."

        - name: the server is killed while this is thought about
          when: {user_text: {matches: 'open on (?P<day>Saturday|Sunday)'}}
          then: {delay_ms: 2000, text: "On {{day}} we are open from 10 to 14."}
        - when: {user_text: {contains: Thank you}}
          then: {delay_ms: 250, text: "You are welcome!"}
      """;

  private static final String END =
      """
        - then: {text: "I can look up orders and send them again."}
      """;

  /**
   * The whole script.
   *
   * @param more rules that depend on the machine; may be empty
   */
  static String script(String more) {
    return BEGINNING + HandsStory.RULES + more + END;
  }
}
