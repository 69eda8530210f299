package org.minip2p.attacks;

import java.util.List;
import java.util.Locale;

/**
 * Curves over time as SVG, each in a panel of its own with a scale that begins at zero. Plain, so that it is readable on a light and on a
 * dark page.
 *
 * @param title the title
 * @param panels from left to right and top to bottom
 */
record LineChart(String title, List<Panel> panels) {
    private static final int COLUMNS = 2;
    private static final int PANEL_WIDTH = 360;
    private static final int PANEL_HEIGHT = 130;
    private static final int TOP = 44;
    private static final int LEFT = 52;
    private static final int HEAD = 26;
    private static final int FOOT = 22;
    private static final int RIGHT = 14;

    LineChart {
        panels = List.copyOf(panels);
    }

    /**
     * One curve.
     *
     * @param title the name of the value, with its unit
     * @param minutes the times, in ascending order
     * @param values one value for each time, not negative
     */
    record Panel(String title, List<Double> minutes, List<Double> values) {
        Panel {
            minutes = List.copyOf(minutes);
            values = List.copyOf(values);
            if (minutes.size() != values.size()) {
                throw new IllegalArgumentException(minutes.size() + " minutes, but " + values.size() + " values");
            }
        }

        private static double top(List<Double> values) {
            return Math.max(
                    1e-9, values.stream().mapToDouble(Double::doubleValue).max().orElse(1));
        }
    }

    String svg() {
        int rows = (panels.size() + COLUMNS - 1) / COLUMNS;
        int width = COLUMNS * PANEL_WIDTH;
        int height = TOP + rows * PANEL_HEIGHT;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"11\" role=\"img\">%n",
                width,
                height,
                width,
                height));
        svg.append("<title>").append(escape(title)).append("</title>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.append("<text x=\"12\" y=\"26\" font-size=\"15\" font-weight=\"bold\" fill=\"#222222\">")
                .append(escape(title))
                .append("</text>\n");
        for (int i = 0; i < panels.size(); i++) {
            svg.append(panel(panels.get(i), i % COLUMNS * PANEL_WIDTH, TOP + i / COLUMNS * PANEL_HEIGHT));
        }
        return svg.append("</svg>\n").toString();
    }

    private static String panel(Panel panel, int x, int y) {
        double top = Panel.top(panel.values());
        double end = Panel.top(panel.minutes());
        int width = PANEL_WIDTH - LEFT - RIGHT;
        int height = PANEL_HEIGHT - HEAD - FOOT;
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < panel.values().size(); i++) {
            points.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    x + LEFT + width * panel.minutes().get(i) / end,
                    y + HEAD + height - height * panel.values().get(i) / top));
        }
        return text(x + LEFT, y + 16, "start", panel.title())
                + text(x + LEFT - 6, y + HEAD + 4, "end", number(top))
                + text(x + LEFT - 6, y + HEAD + height + 4, "end", "0")
                + text(x + LEFT + width, y + HEAD + height + 15, "end", number(end) + " min")
                + String.format(
                        Locale.ROOT,
                        "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"#a0aec0\"/>%n"
                                + "<polyline points=\"%s\" fill=\"none\" stroke=\"#2b6cb0\" stroke-width=\"1.5\"/>%n",
                        x + LEFT,
                        y + HEAD,
                        y + HEAD + height,
                        x + LEFT + width,
                        points.toString().strip());
    }

    private static String text(int x, int y, String anchor, String text) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"#222222\">%s</text>%n",
                x,
                y,
                anchor,
                escape(text));
    }

    private static String number(double value) {
        return value < 10 ? String.format(Locale.ROOT, "%.1f", value) : String.format(Locale.ROOT, "%.0f", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
