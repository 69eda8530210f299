package org.minip2p.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars as SVG, each with its label and its number. Plain, so that it is readable on a light and on a dark page.
 *
 * @param title the title, with the unit
 * @param bars from top to bottom
 */
record BarChart(String title, List<Bar> bars) {
    private static final int WIDTH = 720;
    private static final int LABEL_WIDTH = 250;
    private static final int NUMBER_WIDTH = 80;
    private static final int ROW = 26;
    private static final int TOP = 44;
    private static final int BOTTOM = 12;

    /**
     * One bar.
     *
     * @param label what it is
     * @param value the length of the bar, not negative
     * @param isOurs whether it is this stack's bar, and not one that it is compared with
     */
    record Bar(String label, double value, boolean isOurs) {}

    String svg() {
        int height = TOP + ROW * bars.size() + BOTTOM;
        double longest = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"13\" role=\"img\">%n",
                WIDTH,
                height,
                WIDTH,
                height));
        svg.append("<title>").append(escape(title)).append("</title>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.append("<text x=\"12\" y=\"26\" font-size=\"15\" font-weight=\"bold\" fill=\"#222222\">")
                .append(escape(title))
                .append("</text>\n");
        for (int i = 0; i < bars.size(); i++) {
            svg.append(row(bars.get(i), TOP + ROW * i, longest));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String row(Bar bar, int y, double longest) {
        double room = WIDTH - LABEL_WIDTH - NUMBER_WIDTH;
        double length = longest <= 0 ? 0 : room * bar.value() / longest;
        return String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#222222\">%s</text>%n"
                        + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n"
                        + "<text x=\"%.1f\" y=\"%d\" fill=\"#222222\">%s</text>%n",
                LABEL_WIDTH - 8,
                y + 15,
                escape(bar.label()),
                LABEL_WIDTH,
                y + 2,
                length,
                ROW - 7,
                bar.isOurs() ? "#2b6cb0" : "#a0aec0",
                LABEL_WIDTH + length + 6,
                y + 15,
                escape(Figure.number(bar.value())));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
