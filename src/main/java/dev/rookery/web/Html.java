package dev.rookery.web;

import gg.jte.TemplateOutput;
import gg.jte.html.HtmlInterceptor;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;

/** One page on its way to a browser, with the headers that keep it to itself. */
final class Html {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE_BYTES = 16;

  /** Our templates have no tags that want intercepting. */
  static final HtmlInterceptor NONE =
      new HtmlInterceptor() {
        @Override
        public void onHtmlTagOpened(
            String name, Map<String, Object> attributes, TemplateOutput output) {}

        @Override
        public void onHtmlTagClosed(String name, TemplateOutput output) {}
      };

  private final Frame frame;

  Html(String title) {
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    this.frame = new Frame(title, Base64.getEncoder().withoutPadding().encodeToString(bytes));
  }

  Frame frame() {
    return frame;
  }

  /**
   * The referrer policy keeps the link's token from other sites. A stricter one would make browsers
   * send forms with {@code Origin: null}.
   */
  void send(Context context, int status, Consumer<HtmlTemplateOutput> template) {
    StringOutput text = new StringOutput();
    template.accept(new OwaspHtmlTemplateOutput(text));
    context
        .status(status)
        .header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'nonce-"
                + frame.nonce()
                + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
        .header("Referrer-Policy", "same-origin")
        .header("X-Frame-Options", "DENY")
        .header("X-Content-Type-Options", "nosniff")
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Cache-Control", "no-store")
        .html(text.toString());
  }
}
