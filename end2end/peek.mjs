import { chromium } from '@playwright/test';
const [,, out, ...paths] = process.argv;
const B='http://127.0.0.1:3902';
const browser = await chromium.launch({ executablePath:'/usr/bin/chromium-headless-shell', args:['--no-sandbox','--disable-gpu','--no-first-run','--disable-background-networking'] });
const page = await browser.newPage({ baseURL:B, viewport:{width:1440,height:900} });
page.on('console', m => { if (m.type()!=='log') console.log(m.type(), m.text().slice(0,1500)); });
page.on('pageerror', e => console.log('pageerror', String(e).slice(0,1500)));
await page.goto('/signin'); await page.locator('html[data-hydrated]').waitFor({state:'attached'});
await page.getByLabel('E-mail address').fill('admin@demo.test'); await page.getByLabel('Password').fill('prodmatic-demo');
await page.getByRole('button',{name:'Sign in',exact:true}).click(); await page.getByRole('heading',{name:'Portfolio'}).waitFor();
let n=0;
for (const p of paths) { console.log('==', p); const r = await page.goto(p); console.log(r.status());
  await page.locator('html[data-hydrated]').waitFor({state:'attached',timeout:20000}).catch(()=>console.log('NOT HYDRATED'));
  const h = await page.evaluate(()=>document.documentElement.scrollHeight); await page.setViewportSize({width:1440,height:Math.min(Math.max(900,h),2400)});
  for (const l of (process.env.LINK||'').split('|').filter(Boolean)) { await page.getByRole('link',{name:l,exact:true}).first().click().catch(()=>{}); await page.waitForTimeout(800); await page.reload(); await page.waitForTimeout(2500);} await page.screenshot({path:`${out}.${n++}.png`}); await page.setViewportSize({width:1440,height:900}); }
await browser.close();
