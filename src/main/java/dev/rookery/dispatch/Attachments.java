package dev.rookery.dispatch;

import dev.rookery.inbox.Event;
import java.util.List;

/** Brings the files of an event in before an agent sees it. */
public interface Attachments {
  /**
   * Downloads and stores each file once; asked again after a crash it fetches only what is missing.
   *
   * @return one note per file for the model: its name and type, or why it is not here
   */
  List<String> fetch(Event event);
}
