(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const all = (query, from) => Array.from((from || document).querySelectorAll(query));
  const data = JSON.parse($("data").textContent), kata = data.kata;
  const table = $("daftar"), body = table.tBodies[0], map = $("peta");
  const heads = Array.from(table.tHead.rows[0].cells), columns = heads.map((h) => h.dataset.kolom);
  const rows = Array.from(body.rows), shapes = map ? all("a[data-kode]", map) : [];
  const language = document.documentElement.lang, english = language === "en";
  const collate = new Intl.Collator(language, { sensitivity: "base", numeric: true }).compare;
  const MEASURES = Array.from($("ukuran").options, (option) => option.value);
  const EMPTY = { nilai: {}, partisipasi: "–", terukur: "–", berkas: [] };
  const pair = [$("tempat-a"), $("tempat-b")];
  let year = String(data.ini), measure = "indeks", sorted = "peringkat", down = false, pointed = "";

  const of = (code, when) => data.tahun[when || year].tempat[code] || EMPTY;
  const named = (code) => (Object.values(data.tahun).find((y) => y.tempat[code])).tempat[code].label;
  const absent = (place) => place.tersembunyi ? "*)" : "–";
  const text = (place, m) => (place.nilai[m] || [absent(place)])[0];
  const most = (m) => data.tahun[year].maksimum[m];
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  function make(tag, content, attributes) {
    const element = document.createElement(tag);
    if (content !== undefined) element.textContent = content;
    Object.entries(attributes || {}).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  }

  // The classes of what is shown now, lowest first: the law's categories, or five groups.
  function classes() {
    return measure === "indeks"
      ? data.kategori.map((name, k) => [name, data.warna[k]])
      : data.warna_kelompok.map((colour, k) => [kata["kelompok_" + (k + 1)], colour]);
  }

  function kind(place) {
    const value = place.nilai[measure];
    return value && value[3] !== null ? classes()[value[3]] : null;
  }

  function swatch(colour) {
    const mark = make("span", "", { class: colour ? "atl-contoh" : "atl-contoh atl-arsir" });
    if (colour) mark.style.backgroundColor = colour;
    return mark;
  }

  function sentence(code) {
    const place = of(code), which = kind(place);
    return named(code) + ": " + kata[measure] + " " + text(place, measure) +
      (which ? ", " + which[0] : place.tersembunyi ? ", " + kata.disembunyikan : "");
  }

  function drawMap() {
    if (!map) return;
    $("judul-peta").textContent = kata.peta + ": " + kata[measure] + " " + year;
    shapes.forEach((shape) => {
      const place = of(shape.dataset.kode), which = kind(place);
      const report = place.berkas.find(([name]) => name === "html");
      if (report) shape.setAttribute("href", report[1]); else shape.removeAttribute("href");
      if (report) shape.removeAttribute("role"); else shape.setAttribute("role", "img");
      shape.setAttribute("aria-label", sentence(shape.dataset.kode));
      shape.querySelector("title").textContent = sentence(shape.dataset.kode);
      shape.querySelector("path").setAttribute(
        "fill", place.tersembunyi ? "url(#arsir)" : which ? which[1] : "#c9d0d6");
    });
    const places = rows.map((row) => of(row.dataset.kode));
    const lines = classes().map(([name, colour], k) => {
      const inside = places.map((p) => p.nilai[measure]).filter((v) => v && v[3] === k);
      inside.sort((a, b) => a[1] - b[1]);
      const range = measure !== "indeks" && inside.length
        ? ": " + inside[0][0] + "–" + inside[inside.length - 1][0] : "";
      return [name + range, colour, inside.length];
    }).reverse();
    const hidden = places.filter((p) => p.tersembunyi).length;
    const without = places.filter((p) => !p.tersembunyi && !kind(p)).length;
    if (hidden) lines.push([kata.disembunyikan, "", hidden]);
    if (without) lines.push([kata.tanpa_angka, "#c9d0d6", without]);
    $("legenda").replaceChildren(...lines.map(([name, colour, count]) => {
      const line = make("li");
      line.append(swatch(colour), make("span", name), make("b", count));
      return line;
    }));
    $("legenda-apa").textContent =
      kata.hitungan + (measure === "indeks" ? "" : " " + kata.kelompok_apa);
  }

  function drawRow(row) {
    const code = row.dataset.kode, place = of(code), which = kind(place), value = place.nilai[measure];
    const cell = (name) => row.cells[columns.indexOf(name)];
    cell("peringkat").textContent = value && value[2] !== null ? value[2] : absent(place);
    const links = place.berkas.map(([name, address]) => name === "html"
      ? make("a", named(code), { href: address })
      : make("a", name, { href: address, "aria-label": name + ", " + named(code) }));
    const report = place.berkas.findIndex(([name]) => name === "html");
    cell("nama").replaceChildren(report < 0 ? named(code) : links.splice(report, 1)[0]);
    row.lastElementChild.replaceChildren(...links.flatMap((link) => [link, " "]));
    MEASURES.forEach((m) => { cell(m).textContent = text(place, m); });
    if (value && which) {
      const bar = make("span", undefined, { class: "atl-batang" }), part = make("span");
      part.style.width = Math.min(100 * value[1] / (most(measure) || 100), 100).toFixed(1) + "%";
      part.style.backgroundColor = which[1];
      bar.append(part);
      cell(measure).append(bar);
    }
    cell("kelas").replaceChildren(which ? which[0] : absent(place));
    if (which || place.tersembunyi) cell("kelas").prepend(swatch(which ? which[1] : ""));
    cell("partisipasi").textContent = place.partisipasi;
    cell("terukur").textContent = place.terukur;
  }

  function key(row, column) {
    const place = of(row.dataset.kode), value = place.nilai[measure];
    if (column === "nama") return named(row.dataset.kode);
    if (MEASURES.includes(column)) return place.nilai[column] ? place.nilai[column][1] : null;
    if (column === "kelas") return value ? value[1] : null;
    if (column === "peringkat") return value ? value[2] : null;
    return value_of(place[column]);
  }

  function sort() {
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    const head = heads[columns.indexOf(sorted)];
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.sort((one, two) => {
      const a = key(one, sorted), b = key(two, sorted);
      if (a === null || b === null) return (a === null) - (b === null); // no number: always last
      return (sorted === "nama" ? collate(a, b) : a - b) * (down ? -1 : 1) ||
        collate(named(one.dataset.kode), named(two.dataset.kode));
    });
    body.append(...rows);
    $("urutan").textContent = kata.urut + " " + head.textContent.trim().toLowerCase() + ", " +
      (down ? kata.menurun : kata.menaik) + ".";
  }

  function filter() {
    const wanted = $("cari").value.trim().toLocaleLowerCase(language), chosen = $("pilih").value;
    let shown = 0;
    rows.forEach((row) => {
      const which = kind(of(row.dataset.kode));
      row.hidden = !named(row.dataset.kode).toLocaleLowerCase(language).includes(wanted) ||
        (chosen !== "" && (!which || which[0] !== chosen));
      shown += row.hidden ? 0 : 1;
    });
    $("jumlah").textContent = [shown, kata.dari, rows.length, kata.tempat].join(" ");
  }

  // What a printed number says, in the page's language.
  function value_of(printed) {
    const plain = printed.replace(english ? /[,%]/g : /[.%]/g, "").replace(",", ".");
    return isNaN(Number(plain)) ? null : Number(plain);
  }

  const local = (plain) => english ? plain : plain.replace(".", ",");

  // Printed numbers less one another, exact to the printed digits.
  function difference(a, b) {
    if (!a || !b) return "–";
    const digits = Math.max(...[a[0], b[0]].map((t) => (t.split(english ? "." : ",")[1] || "").length));
    const by = Math.round(a[1] * 10 ** digits) - Math.round(b[1] * 10 ** digits);
    const printed = local((Math.abs(by) / 10 ** digits).toFixed(digits));
    return (by > 0 ? "+" : by < 0 ? "−" : "") + printed;
  }

  function line(name, cells) {
    const row = make("tr");
    row.append(make("th", name, { scope: "row" }),
      ...cells.map((cell) => make("td", cell, { class: "atl-kanan" })));
    return row;
  }

  function compare() {
    const codes = pair.map((select) => select.value), result = $("banding-hasil");
    result.hidden = codes.includes("");
    $("banding-apa").textContent = result.hidden ? kata.banding_ajak : kata.selisih_apa;
    if (result.hidden) return;
    const places = codes.map((code) => of(code)), grid = make("table"), head = make("tr");
    grid.append(make("caption", codes.map(named).join(" – ") + ", " + year, { id: "judul-banding-tabel" }));
    head.append(make("th", kata.ukuran, { scope: "col" }),
      ...[...codes.map(named), kata.selisih].map((t) => make("th", t, { scope: "col", class: "atl-kanan" })));
    grid.append(make("thead"), make("tbody"));
    grid.tHead.append(head);
    const add = (name, cells) => grid.tBodies[0].append(line(name, cells));
    MEASURES.forEach((m) => {
      const limit = most(m) ? " (" + kata.maks + " " + local(String(most(m))) + ")" : "";
      add(kata[m] + limit, [...places.map((p) => text(p, m)),
        difference(...places.map((p) => p.nilai[m]))]);
      if (m === "indeks") add(kata.kategori, [...places.map((p) =>
        p.nilai.indeks && p.nilai.indeks[3] !== null ? data.kategori[p.nilai.indeks[3]] : absent(p)), ""]);
    });
    add(kata.partisipasi, [...places.map((p) => p.partisipasi), ""]);
    add(kata.terukur, [...places.map((p) => p.terukur), ""]);
    if (Object.keys(data.tahun).length > 1) {
      grid.tBodies[0].append(make("tr"));
      grid.tBodies[0].lastChild.append(make("th", kata.indeks_tahun, { colspan: 4, scope: "rowgroup" }));
      Object.keys(data.tahun).forEach((when) => {
        const alike = data.tahun[when].instrumen === data.tahun[year].instrumen;
        const both = codes.map((code) => of(code, when));
        add(when + (alike ? "" : " (" + kata.tak_sebanding + ")"),
          [...both.map((p) => text(p, "indeks")), difference(...both.map((p) => p.nilai.indeks))]);
      });
    }
    result.replaceChildren(grid);
  }

  function draw() {
    const now = data.tahun[year];
    table.dataset.ukuran = measure;
    heads.forEach((head, k) => head.classList.toggle("atl-dipilih", columns[k] === measure));
    rows.forEach((row) => MEASURES.forEach((m) =>
      row.cells[columns.indexOf(m)].classList.toggle("atl-dipilih", m === measure)));
    $("beda").textContent = now.instrumen === data.tahun[data.ini].instrumen ? "" :
      fill(kata.beda, { tahun: year, instrumen: now.instrumen, ini: data.ini });
    const word = measure === "indeks" ? kata.kategori : kata.kelompok;
    $("nama-kelas").textContent = word;
    heads[columns.indexOf("kelas")].querySelector("button").textContent = word;
    $("pilih").replaceChildren(make("option", kata.semua, { value: "" }),
      ...classes().map(([name]) => make("option", name, { value: name })).reverse());
    drawMap();
    rows.forEach(drawRow);
    sort();
    filter();
    compare();
    point(pointed);
  }

  function point(code) {
    pointed = code;
    all(".atl-aktif", body).forEach((row) => row.classList.remove("atl-aktif"));
    const shape = shapes.find((s) => s.dataset.kode === code);
    if (map) $("garis").setAttribute("d", shape ? shape.querySelector("path").getAttribute("d") : "M0,0");
    if (map) $("tunjuk").textContent = code ? sentence(code) : "";
    rows.filter((row) => row.dataset.kode === code).forEach((row) => row.classList.add("atl-aktif"));
  }

  // One stop of the tab key for the whole map; arrows go to the nearest place that way.
  function rove(shape) {
    shapes.forEach((other) => other.setAttribute("tabindex", other === shape ? "0" : "-1"));
  }

  function nearest(from, dx, dy) {
    const centre = (shape) => {
      const box = shape.getBBox();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [x, y] = centre(from);
    let best = null, least = Infinity;
    shapes.forEach((shape) => {
      const [u, v] = centre(shape), along = (u - x) * dx + (v - y) * dy;
      const across = Math.abs((u - x) * dy) + Math.abs((v - y) * dx);
      if (shape !== from && along > 0 && along + 2 * across < least) {
        best = shape;
        least = along + 2 * across;
      }
    });
    return best;
  }

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  shapes.forEach((shape) => {
    const code = shape.dataset.kode;
    shape.addEventListener("mouseenter", () => point(code));
    shape.addEventListener("mouseleave", () => point(""));
    shape.addEventListener("focus", () => { rove(shape); point(code); });
    shape.addEventListener("blur", () => point(""));
    shape.addEventListener("keydown", (event) => {
      if (event.key in ARROWS) {
        const next = nearest(shape, ...ARROWS[event.key]);
        if (next) next.focus();
      } else if (event.key === " ") {
        const free = pair.find((select) => select.value === "") || pair[1];
        free.value = code;
        compare();
        $("urutan").textContent = kata.banding + ": " +
          pair.map((s) => s.value).filter(Boolean).map(named).join(", ");
      } else return;
      event.preventDefault();
    });
  });
  rows.forEach((row) => {
    row.addEventListener("mouseenter", () => point(row.dataset.kode));
    row.addEventListener("mouseleave", () => point(""));
  });
  heads.filter((head) => head.dataset.kolom).forEach((head) => {
    head.querySelector("button").addEventListener("click", () => {
      const column = head.dataset.kolom, before = head.getAttribute("aria-sort");
      // Names and ranks begin with the first, numbers with the largest.
      down = before ? before === "ascending" : column !== "nama" && column !== "peringkat";
      sorted = column;
      sort();
    });
  });
  pair.forEach((select) => {
    const names = rows.map((row) => [row.dataset.kode, named(row.dataset.kode)]);
    names.sort((a, b) => collate(a[1], b[1]));
    select.replaceChildren(make("option", kata.banding_pilih, { value: "" }),
      ...names.map(([code, name]) => make("option", name, { value: code })));
    select.addEventListener("change", compare);
  });
  function choose() {
    year = $("tahun") ? $("tahun").value : year;
    measure = $("ukuran").value;
    sorted = "peringkat";
    down = false;
    draw();
  }
  [$("tahun"), $("ukuran")].filter(Boolean).forEach((s) => s.addEventListener("change", choose));
  ["tampilkan", "pasangan", "saring"].forEach((id) =>
    $(id).addEventListener("submit", (event) => event.preventDefault()));
  $("cari").addEventListener("input", filter);
  $("pilih").addEventListener("change", filter);
  ["tampilkan", "banding", "saring", "peta-tombol"].forEach((id) => { if ($(id)) $(id).hidden = false; });
  document.documentElement.classList.add("atl-skrip");
  if (shapes.length) rove(shapes[0]);
  draw();
})();
